using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Formats;

/// <summary>Changes of an SAE's tensors, in place, that leave its reconstructions as they are and take a step out of its formula.</summary>
internal static class Folding
{
    /// <summary>Gives decoder rows norm 1 and the encoder their norms n: W_enc · n, b_enc · n, W_dec / n. Latents come out n times as large,
    /// which is what an SAE that multiplies them by the decoder's norms gives.</summary>
    /// <param name="encoder">W_enc [d_in, d_sae]</param>
    /// <param name="encoderBias">b_enc [d_sae]</param>
    /// <param name="decoder">W_dec [d_sae, d_out]</param>
    public static void UnitDecoderNorm(Tensor encoder, Tensor encoderBias, Tensor decoder)
    {
        using var scope = NewDisposeScope();
        var norms = decoder.norm(1); // [d_sae]
        encoder.mul_(norms);
        encoderBias.mul_(norms);
        decoder.div_(norms.clamp_min(Smallest).unsqueeze(1)); // a dead row of zeros stays one
    }

    /// <summary>An SAE on x · s becomes one on x, with the same activations of latents: W_enc · s, W_dec / s, b_dec / s.</summary>
    /// <param name="scale">s</param>
    /// <param name="encoder">W_enc [d_in, d_sae]</param>
    /// <param name="decoder">W_dec [d_sae, d_in]</param>
    /// <param name="decoderBias">b_dec [d_in]</param>
    public static void ActivationScale(double scale, Tensor encoder, Tensor decoder, Tensor decoderBias)
    {
        using var factor = tensor(scale);
        encoder.mul_(factor);
        decoder.div_(factor);
        decoderBias.div_(factor);
    }

    /// <summary>An SAE from x · s_in to y · s_out becomes one from x to y, with latents in the units of x: b_enc / s_in, b_dec / s_out,
    /// W_dec · s_in / s_out (Llama Scope).</summary>
    /// <param name="scaleIn">s_in</param>
    /// <param name="scaleOut">s_out</param>
    /// <param name="encoderBias">b_enc [d_sae]</param>
    /// <param name="decoder">W_dec [d_sae, d_out]</param>
    /// <param name="decoderBias">b_dec [d_out]</param>
    public static void DatasetNorm(double scaleIn, double scaleOut, Tensor encoderBias, Tensor decoder, Tensor decoderBias)
    {
        using Tensor input = tensor(scaleIn), output = tensor(scaleOut), ratio = tensor(scaleIn / scaleOut);
        encoderBias.div_(input);
        decoderBias.div_(output);
        decoder.mul_(ratio);
    }

    private static readonly TorchSharp.Scalar Smallest = 1e-30;
}
