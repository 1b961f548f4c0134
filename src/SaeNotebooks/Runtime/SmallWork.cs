using static TorchSharp.torch;

namespace SaeNotebooks.Runtime;

/// <summary>
/// One thread for work so small that waking a second one takes longer than the arithmetic: a small model decoded one prompt on two cores at 103
/// tokens/s with two threads and at 349 with one.
/// </summary>
internal sealed class SmallWork : IDisposable
{
    /// <summary>Multiplications in one operation up to which one thread is faster.</summary>
    private const long Limit = 1 << 19;

    private readonly int _threads;

    private SmallWork(int threads, int team)
    {
        _threads = threads;
        Team.Threads = team;
        set_num_threads(1);
    }

    /// <summary>Keeps libtorch to one thread until the result is disposed, on the thread that calls; null where its work is large enough for more.</summary>
    /// <param name="products">multiplications in the largest matrix product</param>
    /// <param name="others">multiplications in the largest other operation</param>
    /// <param name="inTeam">whether the matrix products are a <see cref="Team"/>'s work, which goes on with all threads</param>
    public static SmallWork? Begin(long products, long others, bool inTeam)
    {
        var threads = get_num_threads();
        return threads == 1 ? null : products <= Limit ? new(threads, team: 1) : inTeam && others <= Limit ? new(threads, team: threads) : null;
    }

    public void Dispose()
    {
        Team.Threads = 0;
        set_num_threads(_threads);
    }
}
