using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive;
using SaeNotebooks.Kernel.Protocol;
using SaeNotebooks.Kernel.Session;

namespace SaeNotebooks.Kernel.Hosting;

/// <summary>Answers execute requests: runs the cell, sends its outputs and its reply.</summary>
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
    }

    /// <summary>Ends the running cell, if any, with an error. Returns at once.</summary>
    public void Interrupt() => running?.Interrupt();

    /// <summary>Runs a cell to its reply.</summary>
    /// <returns>False if it failed, and the cells that wait behind it are not to run.</returns>
    public bool Execute(Request request)
    {
        var silent = request.Flag("silent", otherwise: false);
        var number = executionCount + 1;
        if (!silent && request.Flag("store_history", otherwise: true)) executionCount = number;
        if (!silent)
            sockets.Publish(request.Header, "execute_input", new JsonObject { ["code"] = request.Text("code"), ["execution_count"] = number });
        var outcome = Run(request, number);
        streams.Flush();
        if (!silent) PublishOutcome(request, number, outcome);
        sockets.Reply(request, "execute_reply", Reply(number, outcome));
        return outcome.Error is null || !request.Flag("stop_on_error", otherwise: true);
    }

    private CellOutcome Run(Request request, int number)
    {
        var run = new CellRun<CellOutcome>();
        var cell = new KernelInvocationContext(new CellOutput(request, sockets, streams, input, () => run.Overdue, run.Token));
        (running, latest) = (run, cell.Host);
        try
        {
            return run.Run(() =>
            {
                cell.Enter();
                return session.Execute(request.Text("code"), number, run);
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
                ["execution_count"] = number, ["data"] = result, ["metadata"] = new JsonObject(),
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
