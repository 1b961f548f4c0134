using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SaeNotebooks.Runtime;
using SaeNotebooks.Saes.Activations;
using TorchSharp;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Kernels;

/// <summary>
/// σ(x · W_enc + b_enc) as sparse latents. On the CPU the product is made in tiles of some latents by some tokens, each of which is read once
/// while it is still in the cache; on another device in chunks of tokens.
/// </summary>
internal static class SparseEncoder
{
    /// <summary>Most tokens in a tile, numbers in it (4 MB at float32), and least latents, with which a product is as fast as a large one.</summary>
    private const int ChunkTokens = 2048, TileNumbers = 1 << 20, LeastLatents = 512;

    /// <summary>Numbers in the product of one chunk (64 MB) on a device.</summary>
    private const long DeviceElements = 1 << 24;

    /// <summary>libtorch gives convolutions of fewer numbers than these, and all those of a single thread, to a kernel that is slower than the matrix
    /// product, and that warns where the processor is not one of those that it knows.</summary>
    private const int LeastNumbersForConvolution = 20_481, LeastThreadsForConvolution = 2;

    /// <param name="rows">[tokens, d_in] float32, normalised and centred</param>
    /// <param name="weights">W_encᵀ [d_sae, d_in], contiguous; float32, or bfloat16 to make the product in it: what is added to the product, and
    /// compared with it, is float32 all the same</param>
    /// <param name="bias">b_enc [d_sae]</param>
    /// <param name="activation">σ</param>
    /// <returns>offsets [tokens + 1], ids [active] int64 and values [active] float32; the caller owns the tensors</returns>
    public static (long[] Offsets, Tensor Ids, Tensor Values) Run(Tensor rows, Tensor weights, Tensor bias, SparseActivation activation)
    {
        using var scope = NewDisposeScope();
        var onCpu = weights.device_type == DeviceType.CPU;
        var chunk = onCpu ? ChunkTokens : Math.Max(1, DeviceElements / weights.shape[0]);
        var biases = onCpu ? bias.data<float>().ToArray() : [];
        var offsets = new List<long> { 0 };
        var parts = new List<(Tensor Ids, Tensor Values)>();
        for (var at = 0L; at < rows.shape[0]; at += chunk)
        {
            using var inner = NewDisposeScope();
            var some = rows.narrow(0, at, Math.Min(chunk, rows.shape[0] - at));
            var (ids, values) = onCpu ? Join(Scan(some, weights, biases, activation), offsets)
                : OnDevice(activation.Dense(some.to(weights.dtype).matmul(weights.t()).to(float32).add_(bias)), offsets);
            parts.Add((ids.MoveToOuterDisposeScope(), values.MoveToOuterDisposeScope()));
        }
        return ([.. offsets], cat([.. parts.Select(p => p.Ids)]).MoveToOuterDisposeScope(), cat([.. parts.Select(p => p.Values)]).MoveToOuterDisposeScope());
    }

    /// <returns>by worker, what fires on its share of the tokens</returns>
    private static LatentScan[] Scan(Tensor rows, Tensor weights, float[] bias, SparseActivation activation)
    {
        var tokens = (int)rows.shape[0];
        var columns = rows.t().to(weights.dtype).contiguous(); // [d_in, tokens]
        var shares = Shares(tokens, weights.shape[0]);
        var narrow = weights.dtype == ScalarType.BFloat16;
        var scans = shares.Select(s => activation.Scan(s.Count, bias)).ToArray();
        var most = Math.Max(LeastLatents, TileNumbers / tokens);
        for (var first = 0; first < weights.shape[0]; first += most)
        {
            using var scope = NewDisposeScope();
            var tile = Product(weights.narrow(0, first, Math.Min(most, weights.shape[0] - first)), columns);
            var (latents, start) = ((int)tile.shape[0], Native.Start(tile));
            Parallel.For(0, shares.Length, w =>
            {
                var (from, count) = shares[w];
                var widened = narrow ? new float[count] : null;
                for (var j = 0; j < latents; j++)
                    scans[w].Latent(first + j, widened is null ? Native.Span<float>(start, (long)j * tokens + from, count)
                        : Widened(Native.Span<ushort>(start, (long)j * tokens + from, count), widened));
            });
            GC.KeepAlive(tile);
        }
        foreach (var scan in scans) scan.Finish();
        return scans;
    }

    /// <summary>W · xᵀ, [latents, tokens]. In bfloat16 the product is oneDNN's; in float32 it is as a convolution of width 1, and on some processors
    /// twice as fast as MKL's.</summary>
    private static Tensor Product(Tensor weights, Tensor columns) =>
        weights.dtype == ScalarType.BFloat16 || columns.numel() < LeastNumbersForConvolution || get_num_threads() < LeastThreadsForConvolution
        ? weights.matmul(columns)
        : nn.functional.conv1d(columns.unsqueeze(0), weights.unsqueeze(2)).squeeze(0);

    /// <summary>bfloat16 is the upper half of a float32.</summary>
    private static float[] Widened(ReadOnlySpan<ushort> from, float[] to)
    {
        var bits = MemoryMarshal.Cast<float, uint>(to.AsSpan());
        var step = Vector256<ushort>.Count;
        var i = 0;
        for (; i <= from.Length - step; i += step)
        {
            var (low, high) = Vector256.Widen(Vector256.Create(from[i..]));
            (low << 16).CopyTo(bits[i..]);
            (high << 16).CopyTo(bits[(i + step / 2)..]);
        }
        for (; i < from.Length; i++) bits[i] = (uint)from[i] << 16;
        return to;
    }

    /// <summary>Contiguous shares of the tokens, one per thread; one alone where there is little to do.</summary>
    private static (int From, int Count)[] Shares(int tokens, long latents)
    {
        const long least = 1 << 18; // numbers to scan
        var workers = (int)Math.Clamp(tokens * latents / least, 1, Math.Min(get_num_threads(), tokens));
        return [.. Enumerable.Range(0, workers).Select(w => (From: (int)((long)tokens * w / workers), To: (int)((long)tokens * (w + 1) / workers))).Select(s => (s.From, s.To - s.From))];
    }

    private static (Tensor Ids, Tensor Values) Join(LatentScan[] scans, List<long> offsets)
    {
        var active = scans.Sum(s => (long)s.Fired.Count);
        Tensor ids = empty(active, int64), values = empty(active);
        var at = 0L;
        foreach (var fired in scans.Select(s => s.Fired))
        {
            foreach (var count in fired.Counts) offsets.Add(offsets[^1] + count);
            if (fired.Count == 0) continue;
            using Tensor someIds = ids.narrow(0, at, fired.Count), someValues = values.narrow(0, at, fired.Count);
            fired.CopySorted(MemoryMarshal.Cast<byte, long>(someIds.bytes), MemoryMarshal.Cast<byte, float>(someValues.bytes));
            at += fired.Count;
        }
        return (ids, values);
    }

    private static (Tensor Ids, Tensor Values) OnDevice(Tensor dense, List<long> offsets) // [chunk, d_sae]
    {
        var active = dense.nonzero(); // [active, 2]
        foreach (var count in dense.count_nonzero([1]).cpu().data<long>().ToArray()) offsets.Add(offsets[^1] + count);
        return (active.select(1, 1).contiguous(), dense.masked_select(dense.gt(Scalars.Zero)));
    }
}
