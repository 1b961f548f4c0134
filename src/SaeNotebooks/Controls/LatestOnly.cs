using SaeNotebooks.Display;

namespace SaeNotebooks.Controls;

/// <summary>
/// Does one piece of work at a time, and of what comes meanwhile only the newest: a new piece cancels the one that is being done, and takes the place
/// of one that waits. Thread-safe.
/// </summary>
internal sealed class LatestOnly
{
    private readonly Lock _gate = new();
    private Turn? _newest;
    private Task _last = Task.CompletedTask;

    /// <summary>Hands in work. Model calls within it end when it is superseded, without being given its token.</summary>
    /// <returns>ends when this work has been done, given up or left out</returns>
    public Task Post(Action<Turn> work)
    {
        Turn? superseded;
        Task ends;
        lock (_gate)
        {
            var turn = new Turn(this);
            (superseded, _newest) = (_newest, turn);
            // The context of the message that asked flows into the task, so what it shows is the answer to that message.
            ends = _last = RunAfter(_last, turn, work);
        }
        superseded?.Cancel();
        return ends;
    }

    private static Task RunAfter(Task before, Turn turn, Action<Turn> work) => Task.Run(async () =>
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (turn.Cancellation.IsCancellationRequested) return;
        NotebookHost.EndWith(turn.Cancellation);
        Progress.ShowNothing(); // a bar would be an output of its own, below the result, each time
        work(turn);
    });

    /// <summary>One piece of work.</summary>
    internal sealed class Turn(LatestOnly owner)
    {
        private readonly CancellationTokenSource _source = new();

        /// <summary>Cancelled when newer work has come.</summary>
        public CancellationToken Cancellation => _source.Token;

        /// <summary>Does something unless newer work has come, which cannot come before it is done.</summary>
        /// <exception cref="OperationCanceledException">newer work has come</exception>
        public void Do(Action action)
        {
            lock (owner._gate)
            {
                if (owner._newest != this) throw new OperationCanceledException(Cancellation);
                action();
            }
        }

        public void Cancel() => _source.Cancel();
    }
}
