using static TorchSharp.torch;

namespace SaeNotebooks.Saes;

/// <summary>The activations of a few latents. Where latents do not compete, their own columns of W_enc are all that is multiplied: a latent
/// costs d_in multiplications per token instead of d_in · d_sae. Differentiable in the activation that is read.</summary>
/// <param name="Activations">[tokens, latents] float32, 0 where silent</param>
/// <param name="Scale">[tokens, 1]: what a latent writes is multiplied by it; null for 1</param>
internal readonly record struct LatentReading(Tensor Activations, Tensor? Scale)
{
    /// <summary>Reads latents; the tensors belong to the caller's scope.</summary>
    /// <param name="sae">the SAE</param>
    /// <param name="x">[…, d_in]; any dtype, read in float32</param>
    /// <param name="latents">which, without repetition</param>
    public static LatentReading Of(Sae sae, Tensor x, IReadOnlyList<int> latents)
    {
        SaeShapes.OfOneToken(sae, x);
        var (centred, normalised) = sae.Centre(x);
        var index = tensor([.. latents.Select(l => (long)l)], device: sae.Encoder.device);
        if (sae.Activation.Of(index) is not { } own)
        {
            using var all = sae.Encode(x);
            return new(all.Of(latents), normalised?.Scale);
        }
        var pre = nn.functional.linear(centred, sae.Encoder.t().index_select(0, index), sae.EncoderBias.index_select(0, index)); // [tokens, latents]
        return new(own.Dense(pre), normalised?.Scale);
    }
}
