using System.Text.Json;

namespace SaeNotebooks.Kernel.Protocol;

/// <summary>The sockets on which signed messages travel.</summary>
internal enum Channel { Shell, Control, Stdin }

/// <summary>A message from a client whose signature has been verified.</summary>
/// <param name="Channel">Where it came in, and where its reply goes.</param>
/// <param name="Identities">The routing frames that lead back to its sender.</param>
/// <param name="Header">Its header, which becomes the parent header of everything it causes.</param>
/// <param name="Content">What it asks.</param>
/// <param name="Buffers">Its binary frames.</param>
internal sealed record Request(
    Channel Channel, IReadOnlyList<byte[]> Identities, JsonElement Header, JsonElement Content, IReadOnlyList<byte[]> Buffers)
{
    private static readonly JsonElement EmptyObject = JsonSerializer.Deserialize<JsonElement>("{}");

    public string Type { get; } = Header.GetProperty("msg_type").GetString() ?? "";

    /// <summary>A flag of the content, or <paramref name="otherwise"/> where the client left it out.</summary>
    public bool Flag(string name, bool otherwise) =>
        Content.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : otherwise;

    /// <summary>A text of the content, empty where the client left it out.</summary>
    public string Text(string name) =>
        Content.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    /// <summary>A whole number of the content, or <paramref name="otherwise"/> where the client left it out.</summary>
    public int Number(string name, int otherwise) =>
        Content.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : otherwise;

    /// <summary>The data of a comm's message; an empty object where the client left it out.</summary>
    public JsonElement Data => Content.TryGetProperty("data", out var data) ? data : EmptyObject;
}
