using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using SaeNotebooks.Kernel.Assistance;
using SaeNotebooks.Kernel.Protocol;
using SaeNotebooks.Kernel.Session;

namespace SaeNotebooks.Kernel.Hosting;

/// <summary>
/// Serves one client connection until it is told to shut down. Requests on the shell channel are answered one after the other on a
/// thread of their own; those on the control channel at once, also while a cell runs.
/// </summary>
internal sealed class KernelHost : IDisposable
{
    private const string OwnThread = "kernel";
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);
    private readonly KernelSockets sockets;
    private readonly StreamBuffer streams;
    private readonly InputRequests input;
    private readonly CellExecutor cells;
    private readonly CellAssistant assistant;
    private readonly PosixSignalRegistration interruptSignal;
    private readonly BlockingCollection<Request> shell = [];
    private readonly ManualResetEventSlim idle = new(initialState: true), closed = new();
    private bool isWarm;

    public KernelHost(ConnectionFile connection)
    {
        sockets = new KernelSockets(connection);
        streams = new StreamBuffer(sockets);
        input = new InputRequests(sockets);
        var session = new CSharpSession();
        cells = new CellExecutor(sockets, streams, input, session);
        assistant = new CellAssistant(session);
        sockets.Received += Accept;
        interruptSignal = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            signal.Cancel = true;
            cells.Interrupt();
        });
        AppDomain.CurrentDomain.ProcessExit += (_, _) => SayFarewell();
        ExceptionHandling.SetUnhandledExceptionHandler(Survive);
    }

    /// <summary>Serves until a client asks for the shutdown.</summary>
    public void Run()
    {
        Thread.CurrentThread.Name = OwnThread;
        new Thread(ServeShell) { IsBackground = true, Name = OwnThread }.Start();
        sockets.Publish(null, "status", new JsonObject { ["execution_state"] = "starting" });
        sockets.Run();
    }

    public void Dispose()
    {
        interruptSignal.Dispose();
        streams.Dispose();
        sockets.Dispose();
        closed.Set();
    }

    private void Accept(Request request)
    {
        if (request.Channel == Channel.Shell) shell.Add(request);
        else if (request.Channel == Channel.Stdin) input.Answer(request);
        else Serve(request);
    }

    private void ServeShell()
    {
        foreach (var request in shell.GetConsumingEnumerable())
        {
            idle.Reset();
            Serve(request);
            idle.Set();
        }
    }

    private void Serve(Request request)
    {
        Status(request, "busy");
        // What a client had already sent when a cell failed was sent in the belief that it would succeed. It is taken before the client
        // hears that the kernel is idle: what it sends after that is meant.
        var queued = AnswerOrSayWhyNot(request) ? [] : TakeQueued();
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

    private bool AnswerOrSayWhyNot(Request request)
    {
        try
        {
            return Answer(request);
        }
        catch (Exception error)
        {
            KernelLog.Line($"{request.Type} failed: {error}");
            Reply(request, Replies.Failed(CellError.FromException(error)));
            return true;
        }
    }

    private bool Answer(Request request)
    {
        switch (request.Type)
        {
            case "execute_request" when request.Channel == Channel.Shell: return Execute(request);
            case "comm_open" or "comm_msg" or "comm_close" when request.Channel == Channel.Shell: cells.Handle(request); break;
            case "complete_request": Reply(request, assistant.Complete(request.Text("code"), request.Number("cursor_pos", int.MaxValue))); break;
            case "inspect_request": Reply(request, assistant.Inspect(request.Text("code"), request.Number("cursor_pos", int.MaxValue))); break;
            case "is_complete_request": Reply(request, Replies.IsComplete(request.Text("code"))); break;
            case "history_request": Reply(request, cells.History.Answer(request)); break;
            case "kernel_info_request": Reply(request, Replies.KernelInfo()); break;
            case "comm_info_request": Reply(request, CommRequests.Info(request)); break;
            case "interrupt_request": Interrupt(request); break;
            case "shutdown_request": Shutdown(request); break;
            default: Reply(request, Replies.Unknown(request.Type)); break;
        }
        return true;
    }

    private bool Execute(Request request)
    {
        var succeeded = cells.Execute(request);
        // Who can be asked for input is a person, and will want help with the next cell; a program does not, and has use for the core.
        if (!isWarm && request.Flag("allow_stdin", otherwise: false))
        {
            isWarm = true;
            new Thread(assistant.WarmUp) { IsBackground = true, Priority = ThreadPriority.BelowNormal, Name = "warm-up" }.Start();
        }
        return succeeded;
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

    // A cell that ends the process, or is running when somebody else does, still gets its reply, which says so.
    private void SayFarewell()
    {
        if (closed.IsSet || Thread.CurrentThread.Name == OwnThread) return;
        cells.GiveUp("KernelExit", $"The kernel's process was ended with exit code {Environment.ExitCode}. Restart it to go on.");
        idle.Wait(LastWords);
        sockets.Stop();
        closed.Wait(LastWords);
    }

    // An exception on a thread of a cell's making ends that thread alone; one on a thread of the kernel's is a fault of the kernel.
    private bool Survive(Exception error)
    {
        if (Thread.CurrentThread.Name == OwnThread) return false;
        cells.ReportStray(error);
        return true;
    }

    private void Status(Request request, string state) =>
        sockets.Publish(request.Header, "status", new JsonObject { ["execution_state"] = state });
}
