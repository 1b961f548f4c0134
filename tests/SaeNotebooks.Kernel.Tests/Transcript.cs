using System.Text.Json;

namespace SaeNotebooks.Kernel.Tests;

/// <summary>A message as it came over the wire.</summary>
internal sealed record WireMessage(JsonElement Header, JsonElement ParentHeader, JsonElement Metadata, JsonElement Content, byte[][] Buffers)
{
    public string Type => Header.GetProperty("msg_type").GetString()!;

    public string? Parent => ParentHeader.TryGetProperty("msg_id", out var id) ? id.GetString() : null;

    public string? State => Content.TryGetProperty("execution_state", out var state) ? state.GetString() : null;

    public JsonElement Data => Content.GetProperty("data");

    public string DisplayId => Content.GetProperty("transient").GetProperty("display_id").GetString()!;
}

/// <summary>Everything that a cell caused.</summary>
internal sealed record Transcript(JsonElement Reply, IReadOnlyList<WireMessage> Shown)
{
    public string Status => Reply.GetProperty("status").GetString()!;

    public int Count => Reply.GetProperty("execution_count").GetInt32();

    public string? Result => Shown.SingleOrDefault(message => message.Type == "execute_result")?.Data.GetProperty("text/plain").GetString();

    public string ErrorName => Reply.GetProperty("ename").GetString()!;

    public string Trace => string.Join('\n', Reply.GetProperty("traceback").EnumerateArray().Select(line => line.GetString()));

    public IEnumerable<string> Types => Shown.Select(message => message.Type);

    public IEnumerable<WireMessage> Of(string type) => Shown.Where(message => message.Type == type);

    public string Stream(string name) => string.Concat(Of("stream")
        .Where(message => message.Content.GetProperty("name").GetString() == name)
        .Select(message => message.Content.GetProperty("text").GetString()));
}
