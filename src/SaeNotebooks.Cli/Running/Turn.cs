namespace SaeNotebooks.Cli.Running;

/// <summary>A notebook's place in a row of notebooks: its kernel may start ahead, its cells run between the one before and the one after it.</summary>
internal sealed class Turn
{
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Turn(Task begins) => Begins = begins;

    /// <summary>Completes when the cells may run; cancelled if they never will.</summary>
    public Task Begins { get; }

    /// <summary>A turn that has nobody before it.</summary>
    public static Turn First() => new(Task.CompletedTask);

    /// <summary>The turn that begins when this one ends.</summary>
    public Turn Next() => new(ended.Task);

    /// <summary>The cells have run, or have failed.</summary>
    public void End() => ended.TrySetResult();

    /// <summary>The turns that follow never begin; nothing happens to them if this one has ended.</summary>
    public void Abandon() => ended.TrySetCanceled();
}
