using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NetMQ;
using NetMQ.Sockets;

namespace SaeNotebooks.Kernel.Tests;

/// <summary>A Jupyter client written from the protocol's specification, sharing no code with the kernel. For one thread.</summary>
internal sealed class KernelClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly byte[] key;
    private readonly DealerSocket shell = new();
    private readonly DealerSocket control = new();
    private readonly DealerSocket stdin = new();
    private readonly SubscriberSocket iopub = new();
    private readonly RequestSocket heartbeat = new();

    /// <summary>Connects, and waits until the kernel answers and its broadcasts arrive.</summary>
    public KernelClient(KernelProcess kernel)
    {
        key = Encoding.UTF8.GetBytes(kernel.Key);
        var identity = Guid.NewGuid().ToByteArray();
        (NetMQSocket, int)[] sockets = [(shell, 0), (control, 1), (stdin, 2), (iopub, 3), (heartbeat, 4)];
        foreach (var (socket, port) in sockets)
        {
            if (socket is DealerSocket) socket.Options.Identity = identity;
            socket.Options.Linger = TimeSpan.Zero;
            socket.Connect($"tcp://127.0.0.1:{kernel.Ports[port]}");
        }
        iopub.SubscribeToAnyTopic();
        WaitUntilHeard();
    }

    /// <summary>Sends a request and returns its id.</summary>
    public string Send(
        string type, JsonObject? content = null, string channel = "shell", Func<NetMQMessage, NetMQMessage>? tamper = null, byte[][]? buffers = null)
    {
        var id = Guid.NewGuid().ToString();
        var message = Message(id, type, content ?? []);
        foreach (var buffer in buffers ?? []) message.Append(buffer);
        Socket(channel).SendMultipartMessage(tamper?.Invoke(message) ?? message);
        return id;
    }

    public string SendCell(string code, bool silent = false, bool storeHistory = true, bool allowStdin = false, bool stopOnError = true) =>
        Send("execute_request", new JsonObject
        {
            ["code"] = code, ["silent"] = silent, ["store_history"] = storeHistory, ["user_expressions"] = new JsonObject(),
            ["allow_stdin"] = allowStdin, ["stop_on_error"] = stopOnError,
        });

    /// <summary>Sends a request and waits for its reply.</summary>
    public JsonElement Ask(string type, JsonObject? content = null, string channel = "shell") => Reply(Send(type, content, channel), channel).Content;

    /// <summary>Runs a cell to its end.</summary>
    public Transcript Run(string code) => Finish(SendCell(code));

    /// <summary>Waits for the reply to a cell and for everything it shows.</summary>
    public Transcript Finish(string id)
    {
        var shown = new List<WireMessage>();
        while (shown.LastOrDefault() is not { Type: "status", State: "idle" })
            if (Broadcast() is var message && message.Parent == id) shown.Add(message);
        return new Transcript(Reply(id, "shell").Content, shown);
    }

    /// <summary>The next broadcast that the request caused and that is of the given type.</summary>
    public WireMessage Next(string id, string type)
    {
        while (true)
            if (Broadcast() is var message && message.Parent == id && message.Type == type) return message;
    }

    /// <summary>The reply to a request; replies to earlier ones that nobody waited for are passed over.</summary>
    public WireMessage Reply(string id, string channel)
    {
        while (Receive(Socket(channel), Patience) is { } reply)
            if (reply.Parent == id) return reply;
        throw new TimeoutException("There is no reply.");
    }

    public WireMessage InputRequest() => Receive(stdin, Patience) ?? throw new TimeoutException("No input was asked for.");

    /// <summary>Whether anything comes on the channel within the time.</summary>
    public bool Hears(string channel, TimeSpan time) => Receive(Socket(channel), time) is not null;

    public byte[] Heartbeat(byte[] beat)
    {
        heartbeat.SendFrame(beat);
        return heartbeat.TryReceiveFrameBytes(Patience, out var echo) ? echo : [];
    }

    public void Dispose()
    {
        NetMQSocket[] sockets = [shell, control, stdin, iopub, heartbeat];
        foreach (var socket in sockets) socket.Dispose();
    }

    private WireMessage Broadcast() => Receive(iopub, Patience) ?? throw new TimeoutException("The kernel went silent.");

    private NetMQSocket Socket(string channel) => channel switch { "shell" => shell, "control" => control, "stdin" => stdin, _ => iopub };

    private void WaitUntilHeard()
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Patience;)
        {
            _ = Reply(Send("kernel_info_request"), "shell");
            if (Receive(iopub, TimeSpan.FromMilliseconds(200)) is not null) return;
        }
        throw new TimeoutException("The kernel broadcasts nothing.");
    }

    private NetMQMessage Message(string id, string type, JsonObject content)
    {
        var header = new JsonObject
        {
            ["msg_id"] = id, ["msg_type"] = type, ["session"] = "tests", ["username"] = "tests",
            ["date"] = DateTime.UtcNow.ToString("O"), ["version"] = "5.3",
        };
        string[] json = [header.ToJsonString(), "{}", "{}", content.ToJsonString()];
        var message = new NetMQMessage();
        message.Append("<IDS|MSG>");
        message.Append(Signature(string.Concat(json)));
        foreach (var part in json) message.Append(part);
        return message;
    }

    private WireMessage? Receive(NetMQSocket socket, TimeSpan time)
    {
        NetMQMessage? message = null;
        if (!socket.TryReceiveMultipartMessage(time, ref message)) return null;
        var frames = message.Select(frame => frame.ConvertToString(Encoding.UTF8)).ToList();
        var start = frames.IndexOf("<IDS|MSG>") + 2;
        Assert.Equal(Signature(string.Concat(frames.Skip(start).Take(4))), frames[start - 1]);
        return new WireMessage(Json(frames[start]), Json(frames[start + 1]), Json(frames[start + 2]), Json(frames[start + 3]),
            [.. message.Skip(start + 4).Select(frame => frame.ToByteArray())]);
    }

    private string Signature(string json) => Convert.ToHexString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(json))).ToLowerInvariant();

    private static JsonElement Json(string text) => JsonSerializer.Deserialize<JsonElement>(text);
}
