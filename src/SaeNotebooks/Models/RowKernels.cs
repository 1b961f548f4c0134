using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SaeNotebooks.Models;

/// <summary>The loops of <see cref="RowProduct"/>. They read the weights from one end to the other: several rows at a time came from memory at
/// two thirds of the speed.</summary>
internal static unsafe class RowKernels
{
    private const int Step = Stored.Step, Half = Step / 2;

    /// <summary>A product whose rows of weights are computed in any order.</summary>
    /// <param name="Weights">[d_out, d_in]</param>
    /// <param name="Input">[d_in], from <see cref="Stored.Arrange"/></param>
    /// <param name="Bias">[d_out], or 0</param>
    /// <param name="Output">[d_out]</param>
    /// <param name="DIn">columns of the weights</param>
    public sealed record Product(nint Weights, float[] Input, nint Bias, nint Output, int DIn)
    {
        /// <summary>The outputs from one on and before another, of float32 weights.</summary>
        public void Wide(int from, int to) => Compute<Stored.Float32>(this, from, to);

        /// <summary>The same of bfloat16 weights.</summary>
        public void Narrow(int from, int to) => Compute<Stored.BFloat16>(this, from, to);
    }

    private static void Compute<T>(Product p, int from, int to) where T : struct, IStored
    {
        fixed (float* x = p.Input)
            for (var output = from; output < to; output++)
                T.Store((byte*)p.Output + (long)output * T.Size,
                    Dot<T>((byte*)p.Weights + (long)output * p.DIn * T.Size, x, p.DIn) + (p.Bias == 0 ? 0 : T.Load((byte*)p.Bias + (long)output * T.Size)));
    }

    /// <summary>Σ w x, by four sums at once, because each has to wait for its last addition.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Dot<T>(byte* w, float* x, int count) where T : struct, IStored
    {
        const int turn = 2 * Step;
        Vector512<float> a = default, b = default, c = default, d = default;
        var i = 0;
        for (; i <= count - turn; i += turn, w += turn * T.Size)
        {
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
        var sum = Vector512.Sum(a + b + (c + d));
        for (; i < count; i++, w += T.Size) sum += T.Load(w) * x[i];
        return sum;
    }
}
