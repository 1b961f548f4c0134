namespace SaeNotebooks.Kernel.Hosting;

/// <summary>How much a cell may still show. Thread-safe.</summary>
/// <param name="limit">Characters in all.</param>
internal sealed class OutputBudget(long limit)
{
    private long spent;
    private int refusals;

    /// <summary>Takes characters from the budget.</summary>
    /// <param name="length">How many.</param>
    /// <param name="isFirstRefusal">Whether this is the first time that they are not left.</param>
    /// <returns>Whether they were left.</returns>
    public bool Spend(long length, out bool isFirstRefusal)
    {
        var isLeft = Volatile.Read(ref refusals) == 0 && Interlocked.Add(ref spent, length) <= limit;
        isFirstRefusal = !isLeft && Interlocked.Increment(ref refusals) == 1;
        return isLeft;
    }
}
