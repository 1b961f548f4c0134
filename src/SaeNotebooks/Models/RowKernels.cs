using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SaeNotebooks.Models;

/// <summary>The loops of <see cref="RowProduct"/>. They read the weights from one end to the other: several of their rows at a time came from memory at
/// two thirds of the speed. The second and later rows of the input find a row of the weights in the cache.</summary>
internal static unsafe class RowKernels
{
    private const int Step = Stored.Step, Half = Step / 2;

    /// <summary>Bytes by which memory is asked for the weights before they are needed. The processor does so itself, but begins anew in each page.</summary>
    private const int Ahead = 4096;

    private const int CacheLine = 64;

    /// <summary>A product whose rows of weights are computed in any order.</summary>
    /// <param name="Weights">[d_out, d_in]</param>
    /// <param name="Input">[rows, d_in], from <see cref="Stored.Arrange"/></param>
    /// <param name="Bias">[d_out], or 0</param>
    /// <param name="Output">[rows, d_out]</param>
    /// <param name="Rows">of input and output</param>
    /// <param name="DIn">columns of the weights</param>
    /// <param name="DOut">rows of the weights</param>
    public sealed record Product(nint Weights, float[] Input, nint Bias, nint Output, int Rows, int DIn, int DOut)
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
            {
                var w = (byte*)p.Weights + (long)output * p.DIn * T.Size;
                var bias = p.Bias == 0 ? 0 : T.Load((byte*)p.Bias + (long)output * T.Size);
                for (var row = 0; row < p.Rows; row++)
                    T.Store((byte*)p.Output + ((long)row * p.DOut + output) * T.Size, Dot<T>(w, x + row * p.DIn, p.DIn, row == 0 ? Ahead : 0) + bias);
            }
    }

    /// <summary>Σ w x, by four sums at once, because each has to wait for its last addition. Asks for what lies so many bytes ahead.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Dot<T>(byte* w, float* x, int count, int ahead) where T : struct, IStored
    {
        const int turn = 2 * Step;
        Vector512<float> a = default, b = default, c = default, d = default;
        var i = 0;
        for (; i <= count - turn; i += turn, w += turn * T.Size)
        {
            if (Sse.IsSupported)
                for (var line = 0; line < turn * T.Size; line += CacheLine) Sse.PrefetchNonTemporal(w + ahead + line);
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
