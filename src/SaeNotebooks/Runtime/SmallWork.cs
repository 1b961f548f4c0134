using static TorchSharp.torch;

namespace SaeNotebooks.Runtime;

/// <summary>
/// One thread for work so small that waking a second one takes longer than the arithmetic: a small model decoded one prompt on two cores at 103
/// tokens/s with two threads and at 349 with one.
/// </summary>
internal sealed class SmallWork : IDisposable
{
    /// <summary>Multiplications in the largest matrix product up to which one thread is faster.</summary>
    private const long Limit = 1 << 19;

    private readonly int _threads;

    private SmallWork(int threads) => _threads = threads;

    /// <summary>Keeps libtorch to one thread until the result is disposed, on the thread that calls; null where the work is large enough for more.</summary>
    /// <param name="multiplications">in the largest matrix product</param>
    public static SmallWork? Begin(long multiplications)
    {
        var threads = get_num_threads();
        if (threads == 1 || multiplications > Limit) return null;
        set_num_threads(1);
        return new(threads);
    }

    public void Dispose() => set_num_threads(_threads);
}
