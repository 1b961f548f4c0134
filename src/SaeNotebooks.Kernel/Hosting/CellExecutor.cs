using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive;
using SaeNotebooks.Kernel.Protocol;
using SaeNotebooks.Kernel.Session;

namespace SaeNotebooks.Kernel.Hosting;

/// <summary>Runs what a person wrote: cells, and the handlers of comms. Sends their outputs and replies.</summary>
internal sealed class CellExecutor
{
    private readonly KernelSockets sockets;
    private readonly StreamBuffer streams;
    private readonly InputRequests input;
    private readonly CSharpSession session;
    private volatile CellRun<CellOutcome>? running;
    private volatile ICellHost? latest;
    private int executionCount;

    public CellExecutor(KernelSockets sockets, StreamBuffer streams, InputRequests input, CSharpSession session)
    {
        (this.sockets, this.streams, this.input, this.session) = (sockets, streams, input, session);
        Console.SetOut(new CellWriter("stdout", () => latest));
        Console.SetError(new CellWriter("stderr", () => latest));
        Console.SetIn(new CellReader(() => latest));
    }

    /// <summary>The cells that ran.</summary>
    public CellHistory History { get; } = new();

    /// <summary>Ends the running cell, if any, with an error. Returns at once.</summary>
    public void Interrupt() => running?.Interrupt();

    /// <summary>Gives the running cell up, if any, with an error of one line. Returns at once.</summary>
    public void GiveUp(string name, string message) => running?.GiveUp(new CellOutcome(null, CellError.FromMessage(name, message)));

    /// <summary>Tells the person of an exception that no cell waited for, in the output of the cell that it belongs to.</summary>
    public void ReportStray(Exception error)
    {
        try
        {
            (KernelInvocationContext.Current?.Host ?? latest)?.Write("stderr",
                $"On a thread that nobody waits for:\n{string.Join('\n', CellError.FromException(error).Trace)}\n");
        }
        catch (OperationCanceledException)
        {
            // Its cell was interrupted, and takes no more output.
        }
    }

    /// <summary>Runs a cell to its reply.</summary>
    /// <returns>False if it failed, and the cells that wait behind it are not to run.</returns>
    public bool Execute(Request request)
    {
        var (silent, code) = (request.Flag("silent", otherwise: false), request.Text("code"));
        var number = executionCount + 1;
        if (!silent && request.Flag("store_history", otherwise: true)) History.Add(executionCount = number, code);
        if (!silent)
            sockets.Publish(request.Header, "execute_input", new JsonObject { ["code"] = code, ["execution_count"] = number });
        var outcome = Run(request, (run, _) => session.Execute(CellSource.FromCell(code, number), run));
        streams.Flush();
        if (!silent) PublishOutcome(request, number, outcome);
        sockets.Reply(request, "execute_reply", Reply(number, outcome));
        return outcome.Error is null || !request.Flag("stop_on_error", otherwise: true);
    }

    /// <summary>Runs what a client's message over a comm calls; an exception is shown as a cell's is.</summary>
    public void Handle(Request message)
    {
        var outcome = Run(message, (run, context) =>
        {
            run.Guard(() => CommRequests.Handle(message, context));
            return new CellOutcome(null, null);
        });
        streams.Flush();
        if (outcome.Error is { } error) sockets.Publish(message.Header, "error", error.ToJson());
    }

    private CellOutcome Run(Request request, Func<CellRun<CellOutcome>, KernelInvocationContext, CellOutcome> body)
    {
        var run = new CellRun<CellOutcome>();
        var cell = new KernelInvocationContext(new CellOutput(request, sockets, streams, input, () => run.Overdue, run.Token));
        (running, latest) = (run, cell.Host);
        try
        {
            return run.Run(() =>
            {
                cell.Enter();
                return body(run, cell);
            });
        }
        catch (Exception error)
        {
            return new CellOutcome(null, run.Token.IsCancellationRequested ? CellError.Interrupted : CellError.FromException(error));
        }
        finally
        {
            running = null;
            cell.Leave();
        }
    }

    private void PublishOutcome(Request request, int number, CellOutcome outcome)
    {
        if (outcome.Error is { } error) sockets.Publish(request.Header, "error", error.ToJson());
        else if (outcome.Result is { } result)
            sockets.Publish(request.Header, "execute_result", new JsonObject
            {
                ["execution_count"] = number, ["data"] = MimeBundle.From(result), ["metadata"] = new JsonObject(),
            });
    }

    private static JsonObject Reply(int number, CellOutcome outcome)
    {
        var reply = outcome.Error?.ToJson() ?? new JsonObject { ["payload"] = new JsonArray(), ["user_expressions"] = new JsonObject() };
        reply["status"] = outcome.Error is null ? "ok" : "error";
        reply["execution_count"] = number;
        return reply;
    }
}
