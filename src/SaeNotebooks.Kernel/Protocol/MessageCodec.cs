using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using NetMQ;

namespace SaeNotebooks.Kernel.Protocol;

/// <summary>Turns wire frames into requests and answers into wire frames (Jupyter messaging protocol 5.3).</summary>
internal sealed class MessageCodec(MessageSigner signer)
{
    public const string ProtocolVersion = "5.3";
    private static readonly byte[] Delimiter = "<IDS|MSG>"u8.ToArray();
    private static readonly byte[] EmptyObject = "{}"u8.ToArray();
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly string session = Guid.NewGuid().ToString();

    /// <summary>Reads a message; returns null, with the reason, if it is malformed, not signed with the key, or a replay.</summary>
    public Request? Decode(Channel channel, NetMQMessage message, out string problem)
    {
        var frames = message.Select(frame => frame.ToByteArray()).ToList();
        var delimiter = frames.FindIndex(frame => frame.AsSpan().SequenceEqual(Delimiter));
        if (delimiter < 0 || frames.Count < delimiter + 6) return Refuse("it does not have the frames of a Jupyter message", out problem);
        var json = frames.GetRange(delimiter + 2, 4); // header, parent header, metadata, content; binary buffers may follow
        if (!signer.Accepts(frames[delimiter + 1], json)) return Refuse("its signature is missing, wrong or already used", out problem);
        try
        {
            problem = "";
            return new Request(channel, frames.GetRange(0, delimiter), Parse(json[0]), Parse(json[3]), frames[(delimiter + 6)..]);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return Refuse($"its JSON is not that of a message ({error.Message})", out problem);
        }
    }

    /// <summary>Builds a signed message.</summary>
    /// <param name="routing">Identity frames, or the topic on iopub.</param>
    /// <param name="type">The message type.</param>
    /// <param name="parent">The header of the request that caused it, if any.</param>
    /// <param name="content">The content.</param>
    /// <param name="metadata">The metadata, if any.</param>
    /// <param name="buffers">Binary frames that follow.</param>
    public NetMQMessage Encode(
        IEnumerable<byte[]> routing, string type, JsonElement? parent, JsonObject content, JsonObject? metadata = null, IReadOnlyList<byte[]>? buffers = null)
    {
        byte[][] json =
        [
            JsonSerializer.SerializeToUtf8Bytes(Header(type), Plain),
            parent is { } header ? Encoding.UTF8.GetBytes(header.GetRawText()) : EmptyObject,
            metadata is null ? EmptyObject : JsonSerializer.SerializeToUtf8Bytes(metadata, Plain),
            JsonSerializer.SerializeToUtf8Bytes(content, Plain),
        ];
        return new NetMQMessage([.. routing, Delimiter, signer.Sign(json), .. json, .. buffers ?? []]);
    }

    private static Request? Refuse(string reason, out string problem)
    {
        problem = reason;
        return null;
    }

    private static JsonElement Parse(byte[] frame)
    {
        using var document = JsonDocument.Parse(frame);
        if (document.RootElement.ValueKind != JsonValueKind.Object) throw new JsonException("an object was expected");
        return document.RootElement.Clone();
    }

    private JsonObject Header(string type) => new()
    {
        ["msg_id"] = Guid.NewGuid().ToString(),
        ["msg_type"] = type,
        ["session"] = session,
        ["username"] = "kernel",
        ["date"] = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'"),
        ["version"] = ProtocolVersion,
    };
}
