using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NetMQ;
using NetMQ.Sockets;

namespace SaeNotebooks.Kernel.Protocol;

/// <summary>
/// The kernel's five sockets, owned by the thread that calls <see cref="Run"/>. Sending is thread-safe and keeps the order of the calls.
/// </summary>
internal sealed class KernelSockets : IDisposable
{
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);
    private readonly MessageCodec codec;
    private readonly Dictionary<Channel, RouterSocket> routers;
    private readonly PublisherSocket iopub = new();
    private readonly ResponseSocket heartbeat = new();
    private readonly NetMQQueue<Action> work = new();
    private readonly NetMQPoller poller;

    /// <summary>Binds all sockets.</summary>
    /// <exception cref="KernelStartException">An address is taken.</exception>
    public KernelSockets(ConnectionFile connection)
    {
        codec = new MessageCodec(new MessageSigner(connection.Key));
        routers = Enum.GetValues<Channel>().ToDictionary(channel => channel, _ => new RouterSocket());
        iopub.Options.SendHighWatermark = 0; // the default of 1000 drops messages silently
        Bind(routers[Channel.Shell], connection.Address(connection.ShellPort));
        Bind(routers[Channel.Control], connection.Address(connection.ControlPort));
        Bind(routers[Channel.Stdin], connection.Address(connection.StdinPort));
        Bind(iopub, connection.Address(connection.IoPubPort));
        Bind(heartbeat, connection.Address(connection.HeartbeatPort));
        poller = new NetMQPoller { heartbeat, work };
        foreach (var (channel, socket) in routers)
        {
            socket.ReceiveReady += (_, _) => Receive(channel, socket);
            poller.Add(socket);
        }
        heartbeat.ReceiveReady += (_, _) => heartbeat.SendMultipartMessage(heartbeat.ReceiveMultipartMessage());
        work.ReceiveReady += (_, _) => work.Dequeue()!();
    }

    /// <summary>Called on the socket thread for every verified request.</summary>
    public event Action<Request>? Received;

    /// <summary>Serves until <see cref="Stop"/>.</summary>
    public void Run() => poller.Run();

    /// <summary>Ends <see cref="Run"/> once everything sent before has gone out.</summary>
    public void Stop() => work.Enqueue(poller.StopAsync);

    /// <summary>Answers a request on the channel that it came from.</summary>
    public void Reply(Request request, string type, JsonObject content) => Send(request.Channel, request, type, content);

    /// <summary>Sends to the client that made <paramref name="request"/>, on any of its channels.</summary>
    public void Send(Channel channel, Request request, string type, JsonObject content)
    {
        var message = codec.Encode(request.Identities, type, request.Header, content);
        work.Enqueue(() => routers[channel].SendMultipartMessage(message));
    }

    /// <summary>Tells all clients something that the request with the header <paramref name="parent"/> caused.</summary>
    public void Publish(JsonElement? parent, string type, JsonObject content, JsonObject? metadata = null, IReadOnlyList<byte[]>? buffers = null)
    {
        var message = codec.Encode([Encoding.UTF8.GetBytes(type)], type, parent, content, metadata, buffers);
        work.Enqueue(() => iopub.SendMultipartMessage(message));
    }

    /// <summary>Returns once every request that has already arrived has been handed to <see cref="Received"/>.</summary>
    public void Drain()
    {
        using var drained = new ManualResetEventSlim();
        work.Enqueue(() =>
        {
            foreach (var (channel, socket) in routers) Receive(channel, socket);
            drained.Set();
        });
        drained.Wait();
    }

    /// <summary>Closes the sockets, and waits until what was sent has reached the clients, a second at most for each.</summary>
    public void Dispose()
    {
        poller.Dispose();
        work.Dispose();
        foreach (var socket in routers.Values) socket.Dispose();
        iopub.Dispose();
        heartbeat.Dispose();
        // Sockets are closed by a thread of NetMQ's, and a process that ended before it came to them would take the last replies with it. Cells may have sockets
        // of their own, which are not waited for.
        Task.Run(() => NetMQConfig.Cleanup(block: true)).Wait(Linger + Linger);
    }

    private static void Bind(NetMQSocket socket, string address)
    {
        socket.Options.Linger = Linger;
        try
        {
            socket.Bind(address);
        }
        catch (NetMQException error)
        {
            throw new KernelStartException($"Cannot listen on {address}: {error.Message} Is another kernel using the same connection file?");
        }
    }

    private void Receive(Channel channel, RouterSocket socket)
    {
        NetMQMessage? message = null;
        while (socket.TryReceiveMultipartMessage(ref message))
        {
            if (codec.Decode(channel, message, out var problem) is { } request) Received?.Invoke(request);
            else KernelLog.Line($"A message on the {channel.ToString().ToLowerInvariant()} channel was dropped: {problem}.");
        }
    }
}
