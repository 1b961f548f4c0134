using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace SaeNotebooks.Cli.Browsing;

/// <summary>A connection to a browser that speaks the Chrome DevTools Protocol.</summary>
internal sealed class DevTools : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonObject>> _asked = [];
    private readonly SemaphoreSlim _turn = new(1);
    private Task _reading = Task.CompletedTask;
    private int _last;

    /// <summary>Called with session, method and parameters of each event.</summary>
    public Action<string, string, JsonObject>? Happened { private get; set; }

    /// <summary>Connects.</summary>
    /// <param name="address">the browser's WebSocket</param>
    /// <param name="cancellation">gives up</param>
    public static async Task<DevTools> Connect(Uri address, CancellationToken cancellation)
    {
        var tools = new DevTools();
        await tools._socket.ConnectAsync(address, cancellation);
        tools._reading = tools.Read();
        return tools;
    }

    /// <summary>Sends a command and waits for its result.</summary>
    /// <param name="method">for example Page.navigate</param>
    /// <param name="parameters">of the command</param>
    /// <param name="session">of a page; none for the browser itself</param>
    /// <param name="cancellation">gives up</param>
    /// <exception cref="CliException">the browser refused it, or has gone</exception>
    public async Task<JsonObject> Send(string method, JsonObject parameters, string? session, CancellationToken cancellation)
    {
        var id = Interlocked.Increment(ref _last);
        var answer = _asked[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        if (session is not null) message["sessionId"] = session;
        await _turn.WaitAsync(cancellation);
        try { await _socket.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, true, cancellation); }
        catch (WebSocketException e) { throw new CliException($"The browser has gone before '{method}': {e.Message}", e); }
        finally { _turn.Release(); }
        var reply = await answer.Task.WaitAsync(cancellation);
        return reply["error"] is { } error ? throw new CliException($"The browser refused '{method}': {error["message"]}") : reply["result"]!.AsObject();
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _reading;
        _socket.Dispose();
        _turn.Dispose();
    }

    private async Task Read()
    {
        var buffer = new byte[1 << 16];
        var message = new MemoryStream();
        try
        {
            while (_socket.State == WebSocketState.Open)
            {
                var part = await _socket.ReceiveAsync(buffer, CancellationToken.None);
                message.Write(buffer, 0, part.Count);
                if (!part.EndOfMessage) continue;
                Take(JsonNode.Parse(message.ToArray())!.AsObject());
                message.SetLength(0);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or System.Text.Json.JsonException) { }
        foreach (var waiting in _asked.Values) waiting.TrySetException(new CliException("The browser has gone."));
    }

    private void Take(JsonObject message)
    {
        if (message["id"] is { } id)
        {
            if (_asked.TryRemove((int)id, out var waiting)) waiting.TrySetResult(message);
        }
        else Happened?.Invoke((string?)message["sessionId"] ?? "", (string)message["method"]!, message["params"]?.AsObject() ?? []);
    }
}
