using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Kernels;

/// <summary>
/// Finds what fires in one token's row of x · W_enc, reading it once: the bias is added on the way, and no other matrix of that size is
/// written. Implementations keep no state between rows and may be used by several threads.
/// </summary>
internal abstract class RowScan
{
    /// <summary>Adds the latents that fire, in ascending order of their ids.</summary>
    /// <param name="product">[d_sae]: x · W_enc of one token, without bias</param>
    /// <param name="fired">where they go</param>
    public abstract void Row(ReadOnlySpan<float> product, LatentBuffer fired);

    /// <summary>Scans all rows of a product on the CPU, in parallel.</summary>
    /// <param name="product">[tokens, d_sae] float32 or bfloat16, contiguous</param>
    /// <param name="scan">what fires</param>
    /// <returns>buffers whose tokens follow one another in the order of the rows</returns>
    public static LatentBuffer[] Run(Tensor product, RowScan scan)
    {
        int rows = (int)product.shape[0], width = (int)product.shape[1];
        var workers = (int)Math.Clamp(product.numel() / ElementsPerWorker, 1, Math.Min(get_num_threads(), rows));
        var buffers = new LatentBuffer[workers];
        var start = Start(product);
        var narrow = product.dtype == ScalarType.BFloat16;
        Parallel.For(0, workers, w =>
        {
            var buffer = buffers[w] = new LatentBuffer();
            var widened = narrow ? new float[width] : null;
            for (var row = (int)((long)rows * w / workers); row < (int)((long)rows * (w + 1) / workers); row++)
            {
                if (widened is null) scan.Row(Span<float>(start, row, width), buffer);
                else
                {
                    Widen(Span<ushort>(start, row, width), widened);
                    scan.Row(widened, buffer);
                }
                buffer.EndToken();
            }
        });
        GC.KeepAlive(product);
        return buffers;
    }

    /// <summary>Fewer are not worth a second thread.</summary>
    private const long ElementsPerWorker = 1 << 16;

    private static unsafe nint Start(Tensor product)
    {
        using var first = product.view(-1).narrow(0, 0, 1); // a span of the whole would be limited to 2 GB
        fixed (byte* pointer = first.bytes) return (nint)pointer; // native memory, which does not move
    }

    private static unsafe ReadOnlySpan<T> Span<T>(nint start, int row, int width) where T : unmanaged =>
        new((T*)start + (long)row * width, width);

    /// <summary>bfloat16 is the upper half of a float32.</summary>
    private static void Widen(ReadOnlySpan<ushort> from, Span<float> to)
    {
        var bits = MemoryMarshal.Cast<float, uint>(to);
        for (var i = 0; i < from.Length; i++) bits[i] = (uint)from[i] << 16;
    }
}
