using SaeNotebooks.Hooks;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes;

/// <summary>What fits what: the tensors of an SAE each other, and activations the SAE.</summary>
internal static class SaeShapes
{
    /// <summary>Refuses tensors that do not fit each other.</summary>
    /// <exception cref="ArgumentException">names the first that does not</exception>
    public static void RequireFit(Sae sae)
    {
        if (sae.Encoder.dim() != 2) throw new ArgumentException($"W_enc must be [d_in, d_sae], not {Text(sae.Encoder)}.");
        if (sae.Decoder.dim() != 2 || !sae.Config.IsTranscoder) Require(sae.Decoder, "W_dec", sae.Width, sae.InputWidth);
        Require(sae.Decoder, "W_dec", sae.Width, sae.OutputWidth);
        Require(sae.EncoderBias, "b_enc", sae.Width);
        Require(sae.DecoderBias, "b_dec", sae.OutputWidth);
        if (sae.Skip is { } skip) Require(skip, "W_skip", sae.InputWidth, sae.OutputWidth);
        if (sae.Config.SubtractDecoderBias && sae.OutputWidth != sae.InputWidth)
            throw new ArgumentException($"b_dec has {sae.OutputWidth} numbers and cannot be subtracted from an activation of {sae.InputWidth}.");
    }

    /// <summary>The trailing dimensions of an activation that make up one token's.</summary>
    /// <exception cref="ArgumentException">they are not what the SAE reads</exception>
    public static long[] OfOneToken(Sae sae, Tensor x)
    {
        if (x.numel() > 0 && x.dim() > 0 && x.shape[^1] == sae.InputWidth) return [sae.InputWidth];
        if (x.numel() > 0 && sae.Config.Hook.Point == HookPoint.Z && x.dim() > 1 && x.shape[^2] * x.shape[^1] == sae.InputWidth) return x.shape[^2..];
        throw new ArgumentException($"The SAE reads activations of shape […, {sae.InputWidth}]; this one has shape {Text(x)}.");
    }

    /// <exception cref="ArgumentException">NaN or infinity</exception>
    public static void RequireFinite(Tensor rows)
    {
        if (!rows.isfinite().all().item<bool>())
            throw new ArgumentException("The activation holds NaN or infinity, which no latent can stand for; look for the layer in which the model overflows.");
    }

    /// <summary>Lays what a latent reads out in one run of memory: W_encᵀ is contiguous, whatever the layout of the file.</summary>
    public static Tensor LatentMajor(Tensor encoder)
    {
        using var upright = encoder.t();
        if (upright.is_contiguous()) return encoder;
        using var rows = upright.contiguous();
        encoder.Dispose();
        return rows.t();
    }

    /// <summary>Lays what a latent writes out in one run of memory.</summary>
    public static Tensor RowMajor(Tensor decoder)
    {
        if (decoder.is_contiguous()) return decoder;
        var rows = decoder.contiguous();
        decoder.Dispose();
        return rows;
    }

    public static string Text(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";

    private static void Require(Tensor tensor, string name, params long[] shape)
    {
        if (!tensor.shape.AsSpan().SequenceEqual(shape))
            throw new ArgumentException($"{name} has shape {Text(tensor)}; W_enc implies [{string.Join(", ", shape)}].");
    }
}
