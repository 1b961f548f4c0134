using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using SaeNotebooks.Kernel.Protocol;
using SaeNotebooks.Kernel.Session;

namespace SaeNotebooks.Kernel.Hosting;

/// <summary>
/// Serves one client connection until it is told to shut down. Requests on the shell channel are answered one after the other on a
/// thread of their own; those on the control channel at once, also while a cell runs.
/// </summary>
internal sealed class KernelHost : IDisposable
{
    private readonly KernelSockets sockets;
    private readonly StreamBuffer streams;
    private readonly InputRequests input;
    private readonly CellExecutor cells;
    private readonly PosixSignalRegistration interruptSignal;
    private readonly BlockingCollection<Request> shell = [];

    public KernelHost(ConnectionFile connection)
    {
        sockets = new KernelSockets(connection);
        streams = new StreamBuffer(sockets);
        input = new InputRequests(sockets);
        cells = new CellExecutor(sockets, streams, input, new CSharpSession());
        sockets.Received += Accept;
        interruptSignal = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            signal.Cancel = true;
            cells.Interrupt();
        });
    }

    /// <summary>Serves until a client asks for the shutdown.</summary>
    public void Run()
    {
        new Thread(ServeShell) { IsBackground = true, Name = "shell" }.Start();
        sockets.Publish(null, "status", new JsonObject { ["execution_state"] = "starting" });
        sockets.Run();
    }

    public void Dispose()
    {
        interruptSignal.Dispose();
        streams.Dispose();
        sockets.Dispose();
    }

    private void Accept(Request request)
    {
        if (request.Channel == Channel.Shell) shell.Add(request);
        else if (request.Channel == Channel.Stdin) input.Answer(request);
        else Serve(request);
    }

    private void ServeShell()
    {
        foreach (var request in shell.GetConsumingEnumerable()) Serve(request);
    }

    private void Serve(Request request)
    {
        Status(request, "busy");
        // What a client had already sent when a cell failed was sent in the belief that it would succeed. It is taken before the client
        // hears that the kernel is idle: what it sends after that is meant.
        var queued = Answer(request) ? [] : TakeQueued();
        Status(request, "idle");
        foreach (var waiting in queued)
        {
            if (waiting.Type != "execute_request") Serve(waiting);
            else Abort(waiting);
        }
    }

    private List<Request> TakeQueued()
    {
        sockets.Drain();
        var queued = new List<Request>();
        while (shell.TryTake(out var request)) queued.Add(request);
        return queued;
    }

    private void Abort(Request request)
    {
        Status(request, "busy");
        sockets.Reply(request, "execute_reply", new JsonObject { ["status"] = "aborted" });
        Status(request, "idle");
    }

    private bool Answer(Request request)
    {
        switch (request.Type)
        {
            case "execute_request" when request.Channel == Channel.Shell: return cells.Execute(request);
            case "kernel_info_request": Reply(request, Replies.KernelInfo()); break;
            case "is_complete_request": Reply(request, Replies.IsComplete(request.Text("code"))); break;
            case "comm_info_request": Reply(request, Replies.NoComms()); break;
            case "history_request": Reply(request, Replies.NoHistory()); break;
            case "interrupt_request": Interrupt(request); break;
            case "shutdown_request": Shutdown(request); break;
            case "comm_open": sockets.Publish(request.Header, "comm_close", Replies.CloseComm(request)); break;
            case "comm_msg" or "comm_close": break; // no comm is ever open
            default: Reply(request, Replies.Unknown(request.Type)); break;
        }
        return true;
    }

    private void Reply(Request request, JsonObject content) => sockets.Reply(request, request.Type.Replace("_request", "_reply"), content);

    private void Interrupt(Request request)
    {
        cells.Interrupt();
        Reply(request, Replies.Ok());
    }

    private void Shutdown(Request request)
    {
        streams.Flush();
        var restart = request.Flag("restart", otherwise: false);
        Reply(request, Replies.Shutdown(restart));
        sockets.Publish(request.Header, "shutdown_reply", Replies.Shutdown(restart));
        Status(request, "idle");
        sockets.Stop();
    }

    private void Status(Request request, string state) =>
        sockets.Publish(request.Header, "status", new JsonObject { ["execution_state"] = state });
}
