using System.Runtime.Intrinsics;
using SaeNotebooks.Runtime;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>
/// y = x Wᵀ + b of a single x, as each new token needs it: all weights are read once and hardly anything is computed, so what counts is how
/// fast they are read. Sums in float32.
/// </summary>
internal static class RowProduct
{
    /// <summary>Outputs that one thread computes together, so that x is loaded once for all of them.</summary>
    private const int Together = 4;

    /// <summary>Numbers in the weights from which on it is faster, such as those of an unembedding: 20 to 30 GB/s where libtorch read 9 to 15. Smaller ones lie in the
    /// cache by half, and threads take their time to begin.</summary>
    private const long Least = 1 << 24;

    /// <param name="x">[…, d_in]</param>
    /// <param name="weight">[d_out, d_in]</param>
    public static bool Suits(Tensor x, Tensor weight) => weight.numel() >= Least && x.numel() == weight.shape[1] && x.dtype == weight.dtype
        && x.dtype is ScalarType.Float32 or ScalarType.BFloat16 && x.device_type == TorchSharp.DeviceType.CPU
        && weight.is_contiguous() && weight.shape[1] % (2 * Vector512<float>.Count) == 0 && Vector256.IsHardwareAccelerated;

    /// <param name="x">[…, d_in], one row</param>
    /// <param name="weight">[d_out, d_in], contiguous; d_in a multiple of 32</param>
    /// <param name="bias">[d_out], or null</param>
    /// <returns>[…, d_out]</returns>
    public static Tensor Linear(Tensor x, Tensor weight, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        var (dOut, dIn) = ((int)weight.shape[0], (int)weight.shape[1]);
        var input = Arranged(x.to(ScalarType.Float32).contiguous().data<float>().ToArray(), pairs: x.dtype == ScalarType.BFloat16);
        var sums = bias is null ? zeros(dOut) : bias.to(ScalarType.Float32, copy: true);
        var (start, output) = (Native.Start(weight), Native.Start(sums));

        void Rows(int from, int to)
        {
            var y = Native.Span<float>(output, 0, dOut);
            if (weight.dtype == ScalarType.Float32) Add(start, input, y, from, to);
            else AddNarrow(start, input, y, from, to);
        }
        var blocks = Math.Max(1, Math.Min(4 * get_num_threads(), dOut / Together)); // several each, for cores are not always equally free
        Parallel.For(0, blocks, new() { MaxDegreeOfParallelism = get_num_threads() }, b => Rows(Begin(b, blocks, dOut), Begin(b + 1, blocks, dOut)));
        GC.KeepAlive(weight);
        return sums.to(x.dtype).view([.. x.shape[..^1], dOut]).MoveToOuterDisposeScope();
    }

    private static int Begin(int block, int blocks, int dOut) => block == blocks ? dOut : (int)((long)dOut * block / blocks) / Together * Together;

    /// <summary>For bfloat16 of every 32 numbers first those at even places, then the odd ones, as <see cref="AddNarrow"/> meets the weights.</summary>
    private static float[] Arranged(float[] x, bool pairs)
    {
        if (!pairs) return x;
        const int half = 16;
        var arranged = new float[x.Length];
        for (var i = 0; i < x.Length; i++) arranged[i / (2 * half) * (2 * half) + i % 2 * half + i % (2 * half) / 2] = x[i];
        return arranged;
    }

    private static unsafe void Add(nint weights, float[] x, Span<float> y, int from, int to)
    {
        fixed (float* input = x)
            for (var row = from; row < to; row += Together)
            {
                var w = (float*)weights + (long)row * x.Length;
                var rows = Math.Min(Together, to - row);
                long second = rows > 1 ? x.Length : 0, third = rows > 2 ? 2L * x.Length : 0, fourth = rows > 3 ? 3L * x.Length : 0;
                Vector512<float> a = default, b = default, c = default, d = default;
                for (var i = 0; i < x.Length; i += Vector512<float>.Count)
                {
                    var v = Vector512.Load(input + i);
                    a = Vector512.FusedMultiplyAdd(Vector512.Load(w + i), v, a);
                    b = Vector512.FusedMultiplyAdd(Vector512.Load(w + second + i), v, b);
                    c = Vector512.FusedMultiplyAdd(Vector512.Load(w + third + i), v, c);
                    d = Vector512.FusedMultiplyAdd(Vector512.Load(w + fourth + i), v, d);
                }
                Store(y.Slice(row, rows), a, b, c, d);
            }
    }

    /// <summary>bfloat16 is the upper half of a float32: of a pair of numbers in 32 bits the even one moves up, the odd one is there already.</summary>
    private static unsafe void AddNarrow(nint weights, float[] x, Span<float> y, int from, int to)
    {
        var upper = Vector512.Create(0xFFFF0000u);
        fixed (float* input = x)
            for (var row = from; row < to; row += Together)
            {
                var w = (ushort*)weights + (long)row * x.Length;
                var rows = Math.Min(Together, to - row);
                long second = rows > 1 ? x.Length : 0, third = rows > 2 ? 2L * x.Length : 0, fourth = rows > 3 ? 3L * x.Length : 0;
                Vector512<float> a = default, b = default, c = default, d = default;
                for (var i = 0; i < x.Length; i += Vector512<ushort>.Count)
                {
                    Vector512<float> even = Vector512.Load(input + i), odd = Vector512.Load(input + i + Vector512<float>.Count);
                    a = Both(Vector512.Load((uint*)(w + i)), upper, even, odd, a);
                    b = Both(Vector512.Load((uint*)(w + second + i)), upper, even, odd, b);
                    c = Both(Vector512.Load((uint*)(w + third + i)), upper, even, odd, c);
                    d = Both(Vector512.Load((uint*)(w + fourth + i)), upper, even, odd, d);
                }
                Store(y.Slice(row, rows), a, b, c, d);
            }
    }

    private static Vector512<float> Both(Vector512<uint> pair, Vector512<uint> upper, Vector512<float> even, Vector512<float> odd, Vector512<float> sum) =>
        Vector512.FusedMultiplyAdd((pair & upper).AsSingle(), odd, Vector512.FusedMultiplyAdd((pair << 16).AsSingle(), even, sum));

    private static void Store(Span<float> y, Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d)
    {
        y[0] += Vector512.Sum(a);
        if (y.Length > 1) y[1] += Vector512.Sum(b);
        if (y.Length > 2) y[2] += Vector512.Sum(c);
        if (y.Length > 3) y[3] += Vector512.Sum(d);
    }
}
