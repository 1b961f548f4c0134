using System.Text.Json;

namespace SaeNotebooks.Kernel.Protocol;

/// <summary>The sockets on which signed messages travel.</summary>
internal enum Channel { Shell, Control, Stdin }

/// <summary>A message from a client whose signature has been verified.</summary>
/// <param name="Channel">Where it came in, and where its reply goes.</param>
/// <param name="Identities">The routing frames that lead back to its sender.</param>
/// <param name="Header">Its header, which becomes the parent header of everything it causes.</param>
/// <param name="Content">What it asks.</param>
internal sealed record Request(Channel Channel, IReadOnlyList<byte[]> Identities, JsonElement Header, JsonElement Content)
{
    public string Type { get; } = Header.GetProperty("msg_type").GetString() ?? "";

    /// <summary>A flag of the content, or <paramref name="otherwise"/> where the client left it out.</summary>
    public bool Flag(string name, bool otherwise) =>
        Content.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : otherwise;

    /// <summary>A text of the content, empty where the client left it out.</summary>
    public string Text(string name) =>
        Content.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
