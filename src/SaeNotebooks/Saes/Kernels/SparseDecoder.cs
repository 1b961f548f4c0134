using System.Runtime.Intrinsics;
using SaeNotebooks.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Kernels;

/// <summary>Σ value · W_dec[id] per token, at a cost that grows with the active latents and not with d_sae.</summary>
internal static class SparseDecoder
{
    /// <summary>Numbers that the gathered rows of one chunk may hold on a device other than the CPU (64 MB).</summary>
    private const long GatheredElements = 1 << 24;

    /// <param name="latents">what is active</param>
    /// <param name="decoder">W_dec [d_sae, d_out] float32</param>
    /// <param name="bias">b_dec [d_out] float32</param>
    /// <returns>[tokens, d_out] float32; the caller owns it</returns>
    public static Tensor Run(SparseLatents latents, Tensor decoder, Tensor bias)
    {
        using var scope = NewDisposeScope();
        var output = bias.unsqueeze(0).repeat(latents.Tokens, 1); // [tokens, d_out]
        if (decoder.device_type == DeviceType.CPU && decoder.is_contiguous()) AddOnCpu(latents, decoder, output);
        else AddOnDevice(latents, decoder, output);
        return output.MoveToOuterDisposeScope();
    }

    private static void AddOnDevice(SparseLatents latents, Tensor decoder, Tensor output)
    {
        var tokens = latents.TokenOfEach();
        var chunk = Math.Max(1, GatheredElements / decoder.shape[1]);
        for (var at = 0L; at < tokens.shape[0]; at += chunk)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(chunk, tokens.shape[0] - at);
            var rows = decoder.index_select(0, latents.Ids.narrow(0, at, count)) * latents.Values.narrow(0, at, count).unsqueeze(1);
            output.index_add_(0, tokens.narrow(0, at, count), rows, Scalars.One);
        }
    }

    private static void AddOnCpu(SparseLatents latents, Tensor decoder, Tensor output)
    {
        var width = (int)decoder.shape[1];
        var (ids, values, rows, sums) = (Native.Start(latents.Ids), Native.Start(latents.Values), Native.Start(decoder), Native.Start(output));
        var offsets = latents.Offsets;
        var workers = (int)Math.Clamp(latents.Active * width >> 16, 1, get_num_threads());
        Parallel.For(0, workers, w =>
        {
            for (var token = (int)((long)latents.Tokens * w / workers); token < (int)((long)latents.Tokens * (w + 1) / workers); token++)
            {
                var sum = Native.Span<float>(sums, (long)token * width, width);
                var count = (int)(offsets[token + 1] - offsets[token]);
                var someIds = Native.Span<long>(ids, offsets[token], count);
                var someValues = Native.Span<float>(values, offsets[token], count);
                for (var i = 0; i < count; i++) AddScaled(someValues[i], Native.Span<float>(rows, someIds[i] * width, width), sum);
            }
        });
        GC.KeepAlive(latents);
        GC.KeepAlive(decoder);
    }

    private static void AddScaled(float factor, ReadOnlySpan<float> row, Span<float> sum)
    {
        var factors = Vector256.Create(factor);
        var step = Vector256<float>.Count;
        var i = 0;
        for (; i <= row.Length - step; i += step)
            Vector256.FusedMultiplyAdd(factors, Vector256.Create(row[i..]), Vector256.Create<float>(sum[i..])).CopyTo(sum[i..]);
        for (; i < row.Length; i++) sum[i] = MathF.FusedMultiplyAdd(factor, row[i], sum[i]);
    }
}
