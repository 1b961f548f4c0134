using System.Runtime.Intrinsics;
using SaeNotebooks.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>½ x (1 + tanh u) with u = √(2/π) (x + 0.044715 x³)   (Hendrycks and Gimpel 2016). For many numbers on the CPU as x / (1 + e⁻²ᵘ), which is the
/// same and needs no tanh: libtorch's takes as long as a tenth of a block's matrix products.</summary>
internal static class TanhGelu
{
    private const int Many = 1 << 16, Piece = 1 << 15;

    /// <param name="x">any shape</param>
    /// <returns>the same shape and dtype; computed in float32 at least</returns>
    public static Tensor Of(Tensor x)
    {
        var narrow = x.dtype == ScalarType.BFloat16;
        if (x.numel() < Many || x.device_type != DeviceType.CPU || !(narrow || x.dtype == ScalarType.Float32) || !Vector256.IsHardwareAccelerated)
            return x.gelu(GELU.Approximate.tanh);
        using var scope = NewDisposeScope();
        var input = IsDense(x) ? x : x.contiguous();
        var result = empty_like(input); // in the same layout
        var (from, to, count) = (Native.Start(Flat(input)), Native.Start(Flat(result)), input.numel());
        Parallel.For(0, (count + Piece - 1) / Piece, new() { MaxDegreeOfParallelism = get_num_threads() }, i =>
        {
            var (first, some) = (i * Piece, (int)Math.Min(Piece, count - i * Piece));
            if (narrow) Narrow(Native.Span<ushort>(from, first, some), Native.Span<ushort>(to, first, some));
            else Wide(Native.Span<float>(from, first, some), Native.Span<float>(to, first, some));
        });
        GC.KeepAlive(input);
        return result.MoveToOuterDisposeScope();
    }

    /// <summary>Whether the numbers lie one behind the other, be it with the last dimension outermost.</summary>
    private static bool IsDense(Tensor x) => x.is_contiguous() || Flat(x).is_contiguous();

    private static Tensor Flat(Tensor x) => x.is_contiguous() ? x : x.permute([x.dim() - 1, .. Enumerable.Range(0, (int)x.dim() - 1).Select(d => (long)d)]);

    private static void Wide(ReadOnlySpan<float> x, Span<float> y)
    {
        var at = 0;
        for (; at <= x.Length - Vector512<float>.Count; at += Vector512<float>.Count)
            Gelu(Vector512.Create(x[at..])).CopyTo(y[at..]);
        for (; at < x.Length; at++) y[at] = Gelu(Vector512.Create(x[at]))[0];
    }

    private static void Narrow(ReadOnlySpan<ushort> x, Span<ushort> y)
    {
        var at = 0;
        for (; at <= x.Length - Vector512<ushort>.Count; at += Vector512<ushort>.Count)
        {
            var (low, high) = Vector512.Widen(Vector512.Create(x[at..]));
            Vector512.Narrow(Rounded(Gelu((low << 16).AsSingle())), Rounded(Gelu((high << 16).AsSingle()))).CopyTo(y[at..]);
        }
        for (; at < x.Length; at++) y[at] = (ushort)Rounded(Gelu((Vector512.Create((uint)x[at]) << 16).AsSingle()))[0];
    }

    private static Vector512<float> Gelu(Vector512<float> x)
    {
        var twoU = x * Vector512.FusedMultiplyAdd(x * x, Vector512.Create(2 * 0.7978845608f * 0.044715f), Vector512.Create(2 * 0.7978845608f));
        return x / (Vector512<float>.One + Exp(-twoU));
    }

    /// <summary>eˣ = 2ⁿ eʳ with |r| ≤ ½ ln 2, eʳ by its series; r⁸/8! is below the rounding.</summary>
    private static Vector512<float> Exp(Vector512<float> x)
    {
        x = Vector512.Clamp(x, Vector512.Create(-87f), Vector512.Create(87f));
        var n = Vector512.Round(x * 1.44269504f);
        var r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-0.693145752f), x); // ln 2 in two parts, the first exact in few bits
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-1.42860677e-6f), r);
        var sum = Vector512.Create(1f / 5040);
        Vector512<float> Next(float term) => Vector512.FusedMultiplyAdd(sum, r, Vector512.Create(term));
        sum = Next(1f / 720);
        sum = Next(1f / 120);
        sum = Next(1f / 24);
        sum = Next(1f / 6);
        sum = Next(1f / 2);
        sum = Next(1);
        sum = Next(1);
        var power = (Vector512.ConvertToInt32(n) + Vector512.Create(127)) << 23;
        return sum * power.AsSingle();
    }

    /// <summary>To the nearest bfloat16, ties to even, in the lower half.</summary>
    private static Vector512<uint> Rounded(Vector512<float> x)
    {
        var bits = x.AsUInt32();
        return (bits + Vector512.Create(0x7FFFu) + ((bits >> 16) & Vector512<uint>.One)) >> 16;
    }
}
