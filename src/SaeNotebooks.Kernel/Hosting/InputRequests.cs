using System.Text.Json.Nodes;
using SaeNotebooks.Kernel.Protocol;

namespace SaeNotebooks.Kernel.Hosting;

/// <summary>Questions to the person at the notebook, over the stdin channel. One is open at a time.</summary>
internal sealed class InputRequests(KernelSockets sockets)
{
    private readonly SemaphoreSlim turn = new(1);
    private volatile TaskCompletionSource<string>? open;

    /// <summary>Sends the question to the client that runs the cell, and waits for the answer.</summary>
    /// <exception cref="InvalidOperationException">The client said that it cannot ask.</exception>
    public async Task<string> AskAsync(Request cell, string prompt, bool password, CancellationToken token)
    {
        if (!cell.Flag("allow_stdin", otherwise: false))
            throw new InvalidOperationException("This front end cannot ask for input; assign the value in the cell instead.");
        await turn.WaitAsync(token);
        try
        {
            var answer = open = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            sockets.Send(Channel.Stdin, cell, "input_request", new JsonObject { ["prompt"] = prompt, ["password"] = password });
            return await answer.Task.WaitAsync(token);
        }
        finally
        {
            open = null;
            turn.Release();
        }
    }

    /// <summary>Takes an answer that came in; one that nobody waits for is ignored.</summary>
    public void Answer(Request reply) => open?.TrySetResult(reply.Text("value"));
}
