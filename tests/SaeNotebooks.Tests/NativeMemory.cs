namespace SaeNotebooks.Tests;

/// <summary>The memory of the process that the garbage collector does not own.</summary>
internal static class NativeMemory
{
    /// <summary>
    /// Bytes by which <paramref name="rounds"/> of <paramref name="times"/> runs each make native memory grow, in the round with the least growth: a leak grows in
    /// every round, while heaps that find their size, compiled code and thread-local caches grow in some.
    /// </summary>
    public static long LeastGrowth(Action once, int times, int rounds = 6)
    {
        var least = long.MaxValue;
        for (var round = 0; round < rounds; round++)
        {
            var before = Bytes();
            for (var i = 0; i < times; i++) once();
            least = Math.Min(least, Bytes() - before);
        }

        return least;
    }

    private static long Bytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return Environment.WorkingSet - GC.GetGCMemoryInfo().TotalCommittedBytes;
    }
}
