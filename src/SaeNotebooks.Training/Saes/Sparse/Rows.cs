using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Saes.Sparse;

/// <summary>The rows of a contiguous float32 matrix on the CPU, in place; valid for as long as the tensor.</summary>
internal readonly unsafe struct FloatMatrix
{
    private readonly float* _start;
    private readonly int _width;

    public FloatMatrix(Tensor matrix)
    {
        if (matrix.dtype != float32 || matrix.device_type != TorchSharp.DeviceType.CPU || !matrix.is_contiguous())
            throw new ArgumentException($"Rows are read in place from contiguous float32 tensors on the CPU; this one is {matrix.dtype} on {matrix.device}.");
        _width = (int)matrix.shape[^1];
        using var first = matrix.detach().view(-1).narrow(0, 0, 1); // a span of the whole would be limited to 2 GB
        fixed (byte* pointer = first.bytes) _start = (float*)pointer; // native memory, which does not move
    }

    public Span<float> this[int row] => new(_start + (long)row * _width, _width);
}

/// <summary>Work on rows of float32 numbers.</summary>
internal static class Rows
{
    /// <summary>Runs work on 0 to <paramref name="count"/> − 1, divided into neighbouring parts for as many threads as torch uses.</summary>
    public static void InParts(int count, Action<int, int> work)
    {
        var parts = Math.Max(1, Math.Min(4 * get_num_threads(), count)); // more parts than threads, because parts differ in their work
        Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() },
            part => work((int)((long)count * part / parts), (int)((long)count * (part + 1) / parts)));
    }

    /// <summary>sum += factor · row</summary>
    public static void AddScaled(Span<float> sum, ReadOnlySpan<float> row, float factor)
    {
        var vectors = MemoryMarshal.Cast<float, Vector512<float>>(sum);
        var rows = MemoryMarshal.Cast<float, Vector512<float>>(row[..sum.Length]);
        var factors = Vector512.Create(factor);
        for (var i = 0; i < vectors.Length; i++) vectors[i] = Vector512.FusedMultiplyAdd(factors, rows[i], vectors[i]);
        for (var i = vectors.Length * Vector512<float>.Count; i < sum.Length; i++) sum[i] = MathF.FusedMultiplyAdd(factor, row[i], sum[i]);
    }

    /// <summary>Σ a · b</summary>
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var left = MemoryMarshal.Cast<float, Vector512<float>>(a);
        var right = MemoryMarshal.Cast<float, Vector512<float>>(b[..a.Length]);
        var (even, odd) = (Vector512<float>.Zero, Vector512<float>.Zero); // two, because one addition has to wait for the one before
        var i = 0;
        for (; i + 1 < left.Length; i += 2)
        {
            even = Vector512.FusedMultiplyAdd(left[i], right[i], even);
            odd = Vector512.FusedMultiplyAdd(left[i + 1], right[i + 1], odd);
        }
        if (i < left.Length) even = Vector512.FusedMultiplyAdd(left[i], right[i], even);
        var sum = Vector512.Sum(even + odd);
        for (i = left.Length * Vector512<float>.Count; i < a.Length; i++) sum = MathF.FusedMultiplyAdd(a[i], b[i], sum);
        return sum;
    }
}
