using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.DotNet.Interactive;

/// <summary>Comms with the names and shapes that this repository's kernel has, and what was sent over them.</summary>
public sealed class Comm
{
    private static readonly Dictionary<string, Action<Comm, JsonElement, IReadOnlyList<byte[]>>> Targets = [];

    private Comm(string target) => Target = target;

    /// <summary>Every line that this flow of control has opened.</summary>
    public static readonly AsyncLocal<List<Comm>?> Opened = new();

    public string Id { get; } = Guid.NewGuid().ToString("N");
    public string Target { get; }
    public JsonObject Data { get; private init; } = [];
    public JsonObject Metadata { get; private init; } = [];
    public List<JsonObject> Sent { get; } = [];
    public bool IsOpen { get; private set; } = true;
    public Action<JsonElement, IReadOnlyList<byte[]>>? Received { get; set; }
    public Action? Closed { get; set; }

    public static Comm Open(string target, JsonObject? data = null, JsonObject? metadata = null, IReadOnlyList<byte[]>? buffers = null, string? id = null)
    {
        var line = new Comm(target) { Data = data?.DeepClone().AsObject() ?? [], Metadata = metadata ?? [] };
        Opened.Value?.Add(line);
        return line;
    }

    public static void Serve(string target, Action<Comm, JsonElement, IReadOnlyList<byte[]>> opened)
    {
        lock (Targets) Targets[target] = opened;
    }

    public void Send(JsonObject data, JsonObject? metadata = null, IReadOnlyList<byte[]>? buffers = null)
    {
        lock (Sent) Sent.Add(data.DeepClone().AsObject());
    }

    public void Close(JsonObject? data = null) => IsOpen = false;

    /// <summary>Opens a line as the front end does.</summary>
    public static Comm FromFrontEnd(string target, JsonObject data)
    {
        var line = new Comm(target);
        Action<Comm, JsonElement, IReadOnlyList<byte[]>> opened;
        lock (Targets) opened = Targets[target];
        opened(line, JsonSerializer.SerializeToElement(data), []);
        return line;
    }

    /// <summary>Sends as the front end does.</summary>
    public void Receive(JsonObject message) => Received!(JsonSerializer.SerializeToElement(message), []);

    /// <summary>What was sent, waited for until it is so or a long time has passed.</summary>
    public async Task<IReadOnlyList<JsonObject>> Until(Func<IReadOnlyList<JsonObject>, bool> isSo)
    {
        for (var waited = 0; ; waited += 5)
        {
            lock (Sent)
                if (isSo(Sent) || waited > 20_000) return [.. Sent];
            await Task.Delay(5);
        }
    }
}
