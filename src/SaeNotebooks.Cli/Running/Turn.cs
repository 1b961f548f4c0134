namespace SaeNotebooks.Cli.Running;

/// <summary>A notebook's place in a row of notebooks: its kernel may start ahead, its cells run between the one before and the one after it.</summary>
internal sealed class Turn
{
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Turn(Task begins) => Begins = begins;

    /// <summary>Completes when the cells may run; cancelled if they never will.</summary>
    public Task Begins { get; }

    /// <summary>Runs one after the other: a run may prepare itself while the one before has its turn, and finish while the next has.</summary>
    /// <param name="items">what is run</param>
    /// <param name="run">awaits that its turn begins, ends it, and says whether it succeeded</param>
    /// <param name="cancellation">ends all runs</param>
    /// <returns>how many succeeded; the first that throws ends the others</returns>
    public static async Task<int> Each<T>(IReadOnlyList<T> items, Func<T, Turn, CancellationToken, Task<bool>> run, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var (turn, runs) = (First(), new List<Task<bool>>());
        try
        {
            foreach (var item in items)
            {
                runs.Add(Guarded(item, turn));
                await turn.Begins; // no more than one is ahead
                await Task.WhenAll(runs.Where(r => r.IsCompleted));
                turn = turn.Next();
            }
            return (await Task.WhenAll(runs)).Count(succeeded => succeeded);
        }
        catch
        {
            await stop.CancelAsync();
            await Task.WhenAll(runs).ContinueWith(_ => { }, TaskScheduler.Default);
            await Task.WhenAll(runs.Where(r => r.IsFaulted)); // what went wrong, and not that others were ended
            throw;
        }

        async Task<bool> Guarded(T item, Turn mine)
        {
            try { return await run(item, mine, stop.Token); }
            finally { mine.Abandon(); }
        }
    }

    /// <summary>A turn that has nobody before it.</summary>
    public static Turn First() => new(Task.CompletedTask);

    /// <summary>The turn that begins when this one ends.</summary>
    public Turn Next() => new(ended.Task);

    /// <summary>The cells have run, or have failed.</summary>
    public void End() => ended.TrySetResult();

    /// <summary>The turns that follow never begin; nothing happens to them if this one has ended.</summary>
    public void Abandon() => ended.TrySetCanceled();
}
