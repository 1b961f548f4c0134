using SaeNotebooks.Kernel.Session;

namespace SaeNotebooks.Kernel.Hosting;

/// <summary>
/// One execution on a thread of its own, which is interrupted in steps, each only if the one before did not help: the cell's token is
/// cancelled; writing fails and waiting is broken off; running managed code is ended; and the thread is left behind (native code).
/// </summary>
/// <typeparam name="T">What the execution returns.</typeparam>
internal sealed class CellRun<T> : ICellGuard
{
    private const int StackSize = 16 << 20; // recursive cells, deep Roslyn trees
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StepDelay = TimeSpan.FromMilliseconds(300);
    private readonly CancellationTokenSource asked = new();
    private readonly CancellationTokenSource forced = new();
    private readonly TaskCompletionSource<T> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Thread? thread;
    private int interrupts;

    /// <summary>Cancelled by an interrupt; what well-behaved loops poll.</summary>
    public CancellationToken Token => asked.Token;

    /// <summary>Whether output is refused because the cell was asked to end and did not.</summary>
    public bool Overdue { get; private set; }

    /// <summary>Runs <paramref name="body"/> and returns its result.</summary>
    /// <exception cref="OperationCanceledException">The run was interrupted.</exception>
    public T Run(Func<T> body)
    {
        thread = new Thread(() => Complete(body), StackSize) { IsBackground = true, Name = "cell" };
        thread.Start();
        return outcome.Task.GetAwaiter().GetResult();
    }

    /// <summary>Runs the part of the body that is the person's own code, and can therefore be ended by force.</summary>
    public void Guard(Action userCode) => System.Runtime.ControlledExecution.Run(userCode, forced.Token);

    /// <summary>Asks the run to end, and sees to it that it does. Returns at once; a second call changes nothing.</summary>
    public void Interrupt()
    {
        if (Interlocked.Increment(ref interrupts) == 1) _ = EndAsync();
    }

    /// <summary>Lets <see cref="Run"/> return this result, whatever the body still does.</summary>
    public void GiveUp(T result) => outcome.TrySetResult(result);

    private void Complete(Func<T> body)
    {
        try
        {
            outcome.TrySetResult(body());
        }
        catch (Exception error)
        {
            outcome.TrySetException(error);
        }
    }

    private async Task EndAsync()
    {
        await asked.CancelAsync();
        if (await EndsWithin(Patience)) return;
        // Writing fails first: a thread is not to be ended while it holds the locks of the output.
        Overdue = true;
        thread?.Interrupt();
        if (await EndsWithin(StepDelay)) return;
        _ = forced.CancelAsync(); // completes only when the thread has ended, which native code can put off for ever
        if (await EndsWithin(StepDelay)) return;
        outcome.TrySetCanceled(asked.Token);
    }

    private async Task<bool> EndsWithin(TimeSpan time) => await Task.WhenAny(outcome.Task, Task.Delay(time)) == outcome.Task;
}
