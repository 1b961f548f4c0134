using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SaeNotebooks.Models;

/// <summary>The loops of <see cref="RowProduct"/>. They read the weights from one end to the other, for one row of the input row by row: two at a time came
/// from memory at two thirds of the speed. For several rows of the input the processor has more to do than memory.</summary>
internal static unsafe class RowKernels
{
    private const int Step = Stored.Step, Half = Step / 2;

    /// <summary>Bytes by which memory is asked for the weights before they are needed. The processor does so itself, but begins anew in each page.</summary>
    private const int Ahead = 8192;

    private const int CacheLine = 64;

    /// <summary>Rows of the input that are multiplied at once; two and three are filled up with anything. Of twice as many, libtorch's product in bfloat16 was
    /// faster.</summary>
    public const int MostRows = 4;

    /// <summary>A product whose rows of weights are computed in any order.</summary>
    /// <param name="Weights">[d_out, d_in]</param>
    /// <param name="Input">[rows, d_in] float32, from <see cref="Stored.Arrange"/>, filled up to <see cref="MostRows"/> if there is more than one</param>
    /// <param name="Bias">[d_out], or 0</param>
    /// <param name="Output">[rows, d_out]</param>
    /// <param name="Rows">of input and output</param>
    /// <param name="DIn">columns of the weights</param>
    /// <param name="DOut">rows of the weights</param>
    public sealed record Product(nint Weights, nint Input, nint Bias, nint Output, int Rows, int DIn, int DOut)
    {
        /// <summary>The outputs from one on and before another, of float32 weights.</summary>
        public void Wide(int from, int to) => Compute<Stored.Float32>(this, from, to);

        /// <summary>The same of bfloat16 weights.</summary>
        public void Narrow(int from, int to) => Compute<Stored.BFloat16>(this, from, to);
    }

    private static void Compute<T>(Product p, int from, int to) where T : struct, IStored
    {
        if (p.Rows == 1) One<T>(p, (float*)p.Input, from, to);
        else Several<T>(p, (float*)p.Input, from, to);
    }

    /// <summary>Σ w x for each row of the weights, by four sums at once, because each has to wait for its last addition.</summary>
    /// <remarks>Nothing is called in the loop: a call for each row takes time of its own, which counts where memory is fast.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One<T>(Product p, float* x, int from, int to) where T : struct, IStored
    {
        const int turn = 2 * Step;
        var count = p.DIn;
        var w = Weights<T>(p, from);
        for (var output = from; output < to; output++, w = Weights<T>(p, output))
        {
            var row = w;
            Vector512<float> a = default, b = default, c = default, d = default;
            var i = 0;
            for (; i <= count - turn; i += turn, w += turn * T.Size)
            {
                Fetch(w + Ahead, turn * T.Size);
                a = Vector512.FusedMultiplyAdd(T.First(w), Vector512.Load(x + i), a);
                b = Vector512.FusedMultiplyAdd(T.Second(w), Vector512.Load(x + i + Half), b);
                c = Vector512.FusedMultiplyAdd(T.First(w + Step * T.Size), Vector512.Load(x + i + Step), c);
                d = Vector512.FusedMultiplyAdd(T.Second(w + Step * T.Size), Vector512.Load(x + i + Step + Half), d);
            }
            for (; i <= count - Step; i += Step, w += Step * T.Size)
            {
                a = Vector512.FusedMultiplyAdd(T.First(w), Vector512.Load(x + i), a);
                b = Vector512.FusedMultiplyAdd(T.Second(w), Vector512.Load(x + i + Half), b);
            }
            Store<T>(p, 0, output, Vector512.Sum(a + b + (c + d)) + Rest<T>(row, x, count));
        }
    }

    private static void Several<T>(Product p, float* x, int from, int to) where T : struct, IStored
    {
        var parts = stackalloc Vector512<float>[2 * MostRows];
        for (var output = from; output < to; output += 2)
        {
            var rows = Math.Min(2, to - output);
            byte* w = Weights<T>(p, output), next = Weights<T>(p, output + rows - 1);
            Dots<T>(w, next, x, p.DIn, parts);
            for (var i = 0; i < rows; i++, w = next)
                for (var row = 0; row < p.Rows; row++)
                    Store<T>(p, row, output + i, Vector512.Sum(parts[i * MostRows + row]) + Rest<T>(w, x + row * p.DIn, p.DIn));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Weights<T>(Product p, int output) where T : struct, IStored => (byte*)p.Weights + (long)output * p.DIn * T.Size;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(Product p, int row, int output, float sum) where T : struct, IStored =>
        T.Store((byte*)p.Output + ((long)row * p.DOut + output) * T.Size, p.Bias == 0 ? sum : sum + T.Load((byte*)p.Bias + (long)output * T.Size));

    /// <summary>What is no whole step of Σ w x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Rest<T>(byte* w, float* x, int count) where T : struct, IStored
    {
        var sum = 0f;
        for (var i = count / Step * Step; i < count; i++) sum += T.Load(w + i * T.Size) * x[i];
        return sum;
    }

    /// <summary>Whole steps of Σ w x for <see cref="MostRows"/> rows of the input and two of the weights: what is loaded of the input serves both.</summary>
    /// <param name="w">[d]</param>
    /// <param name="v">[d], the row after it; memory is asked for the two after that</param>
    /// <param name="x">[<see cref="MostRows"/>, d]</param>
    /// <param name="d">columns</param>
    /// <param name="parts">[2, <see cref="MostRows"/>], each still to be summed</param>
    /// <remarks>Nothing is called here: the runtime would keep sums that are needed after a call in memory all the while.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dots<T>(byte* w, byte* v, float* x, int d, Vector512<float>* parts) where T : struct, IStored
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        Vector512<float> c0 = default, c1 = default, c2 = default, c3 = default, d0 = default, d1 = default, d2 = default, d3 = default;
        float* x1 = x + d, x2 = x1 + d, x3 = x2 + d;
        var ahead = 2 * d * T.Size;
        for (var i = 0; i <= d - Step; i += Step, w += Step * T.Size, v += Step * T.Size)
        {
            Fetch(w + ahead, Step * T.Size);
            Fetch(v + ahead, Step * T.Size);
            Vector512<float> first = T.First(w), second = T.Second(w), third = T.First(v), fourth = T.Second(v);
            var (near, far) = (Vector512.Load(x + i), Vector512.Load(x + i + Half));
            (a0, c0) = (Vector512.FusedMultiplyAdd(first, near, a0), Vector512.FusedMultiplyAdd(third, near, c0));
            (b0, d0) = (Vector512.FusedMultiplyAdd(second, far, b0), Vector512.FusedMultiplyAdd(fourth, far, d0));
            (near, far) = (Vector512.Load(x1 + i), Vector512.Load(x1 + i + Half));
            (a1, c1) = (Vector512.FusedMultiplyAdd(first, near, a1), Vector512.FusedMultiplyAdd(third, near, c1));
            (b1, d1) = (Vector512.FusedMultiplyAdd(second, far, b1), Vector512.FusedMultiplyAdd(fourth, far, d1));
            (near, far) = (Vector512.Load(x2 + i), Vector512.Load(x2 + i + Half));
            (a2, c2) = (Vector512.FusedMultiplyAdd(first, near, a2), Vector512.FusedMultiplyAdd(third, near, c2));
            (b2, d2) = (Vector512.FusedMultiplyAdd(second, far, b2), Vector512.FusedMultiplyAdd(fourth, far, d2));
            (near, far) = (Vector512.Load(x3 + i), Vector512.Load(x3 + i + Half));
            (a3, c3) = (Vector512.FusedMultiplyAdd(first, near, a3), Vector512.FusedMultiplyAdd(third, near, c3));
            (b3, d3) = (Vector512.FusedMultiplyAdd(second, far, b3), Vector512.FusedMultiplyAdd(fourth, far, d3));
        }
        (parts[0], parts[1], parts[2], parts[3]) = (a0 + b0, a1 + b1, a2 + b2, a3 + b3);
        (parts[4], parts[5], parts[6], parts[7]) = (c0 + d0, c1 + d1, c2 + d2, c3 + d3);
    }

    /// <summary>Asks for memory that is read once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch(byte* at, int bytes)
    {
        if (!Sse.IsSupported) return;
        for (var line = 0; line < bytes; line += CacheLine) Sse.PrefetchNonTemporal(at + line);
    }
}
