using static TorchSharp.torch;

namespace SaeNotebooks.Runtime;

/// <summary>
/// Threads that share out pieces of work much shorter than it takes to wake a thread, such as the matrix products of one token: for a moment
/// after each job they look for the next one before they sleep. Whoever brings a job works too and never waits for a helper to begin, only for
/// pieces that one has begun; so on a busy machine the job is done by one thread.
/// </summary>
internal static class Team
{
    /// <summary>How often a helper looks before it sleeps: about a tenth of a millisecond, longer than what a pass computes between two products.</summary>
    private const int Looks = 2000;

    private static readonly Lazy<SemaphoreSlim> Bell = new(Begin, LazyThreadSafetyMode.ExecutionAndPublication);
    private static Job? s_newest;
    private static int s_asleep;

    [ThreadStatic]
    private static int t_threads;

    /// <summary>Threads that share a job which this thread brings: libtorch's, unless set to something else than 0.</summary>
    public static int Threads { get => t_threads > 0 ? t_threads : get_num_threads(); set => t_threads = value; }

    /// <summary>Does all pieces, in any order and on any thread, and comes back when the last is done.</summary>
    /// <param name="pieces">how many</param>
    /// <param name="work">does one, given its number; may not throw</param>
    public static void Run(int pieces, Action<int> work)
    {
        var threads = Math.Min(pieces, Threads);
        if (threads <= 1)
        {
            for (var piece = 0; piece < pieces; piece++) work(piece);
            return;
        }
        var job = new Job(pieces, threads - 1, work);
        var bell = Bell.Value;
        Interlocked.Exchange(ref s_newest, job); // seen before the next line looks, or a helper that falls asleep just now would miss it
        if (Volatile.Read(ref s_asleep) is > 0 and var sleeping) bell.Release(Math.Min(sleeping, threads - 1));
        job.Help();
        job.WaitForOthers();
    }

    private static SemaphoreSlim Begin()
    {
        for (var helper = 1; helper < Environment.ProcessorCount; helper++)
            new Thread(Help) { IsBackground = true, Name = "Row products" }.Start();
        return new(0);
    }

    private static void Help()
    {
        Job? last = null;
        for (var looks = 0; ; looks++)
        {
            if (Volatile.Read(ref s_newest) is { } job && job != last)
            {
                (last, looks) = (job, 0);
                if (job.HasRoom()) job.Help();
            }
            else if (looks < Looks) Thread.SpinWait(1);
            else Sleep(last);
        }
    }

    private static void Sleep(Job? last)
    {
        Interlocked.Increment(ref s_asleep);
        if (Volatile.Read(ref s_newest) == last) Bell.Value.Wait(); // whoever brings a job after this look sees somebody asleep
        Interlocked.Decrement(ref s_asleep);
    }

    private sealed class Job(int pieces, int helpers, Action<int> work)
    {
        private int _begun, _done, _helpers = helpers;

        public bool HasRoom() => Interlocked.Decrement(ref _helpers) >= 0;

        public void Help()
        {
            while (Interlocked.Increment(ref _begun) is var piece && piece <= pieces)
            {
                work(piece - 1);
                Interlocked.Increment(ref _done);
            }
        }

        public void WaitForOthers()
        {
            for (var looks = 0; Volatile.Read(ref _done) < pieces; looks++)
                if (looks < Looks) Thread.SpinWait(1);
                else Thread.Yield(); // a helper has lost its core
        }
    }
}
