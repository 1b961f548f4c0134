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

    private static unsafe void AddOnCpu(SparseLatents latents, Tensor decoder, Tensor output)
    {
        var width = (int)decoder.shape[1];
        var (ids, values, rows, sums) = (Start<long>(latents.Ids), Start<float>(latents.Values), Start<float>(decoder), Start<float>(output));
        var offsets = latents.Offsets;
        var workers = (int)Math.Clamp(latents.Active * width >> 16, 1, get_num_threads());
        Parallel.For(0, workers, w =>
        {
            for (var token = (int)((long)latents.Tokens * w / workers); token < (int)((long)latents.Tokens * (w + 1) / workers); token++)
                for (var at = offsets[token]; at < offsets[token + 1]; at++)
                    AddScaled(((float*)values)[at], (float*)rows + ((long*)ids)[at] * width, (float*)sums + (long)token * width, width);
        });
        GC.KeepAlive(latents);
        GC.KeepAlive(decoder);
    }

    private static unsafe void AddScaled(float factor, float* row, float* sum, int width)
    {
        var factors = Vector256.Create(factor);
        var step = Vector256<float>.Count;
        var i = 0;
        for (; i <= width - step; i += step)
            Vector256.Store(Vector256.FusedMultiplyAdd(factors, Vector256.Load(row + i), Vector256.Load(sum + i)), sum + i);
        for (; i < width; i++) sum[i] = MathF.FusedMultiplyAdd(factor, row[i], sum[i]);
    }

    private static unsafe nint Start<T>(Tensor tensor)
    {
        if (tensor.numel() == 0) return 0;
        using var first = tensor.view(-1).narrow(0, 0, 1);
        fixed (byte* pointer = first.bytes) return (nint)pointer; // native memory, which does not move
    }
}
