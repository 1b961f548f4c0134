using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Activations;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Saes.Architectures;

/// <summary>Trained tensors as an SAE for use; the caller owns it.</summary>
internal static class Exports
{
    /// <summary>a = ReLU(z).</summary>
    public static Sae Relu(SaeParameters p, SaeConfig config) => Plain(p, p.EncoderBias, new Relu(), config);

    /// <summary>a = z where z is above its latent's threshold.</summary>
    public static Sae JumpRelu(SaeParameters p, Tensor threshold, SaeConfig config) =>
        Plain(p, p.EncoderBias, new JumpRelu(threshold.detach().clone()), config);

    /// <summary>Gate and magnitude.</summary>
    public static Sae Gated(SaeParameters p, Tensor gateBias, Tensor magnitudeBias, Tensor magnitudeScale, SaeConfig config) =>
        Plain(p, gateBias, SaeNotebooks.Saes.Activations.Gated.From(gateBias, magnitudeScale, magnitudeBias), config);

    /// <summary>The K strongest by what they write: decoder norms are moved into the encoder, so that activations compare.</summary>
    public static Sae TopK(SaeParameters p, int k, SaeConfig config) => UnitNorm(p, new TopK(k), config);

    /// <summary>One threshold for what all latents write: a trained BatchTopK SAE, as a JumpReLU SAE.</summary>
    public static Sae Thresholded(SaeParameters p, double threshold, SaeConfig config)
    {
        using var value = tensor((float)threshold);
        return UnitNorm(p, new JumpRelu(value.expand(p.Encoder.shape[0]).clone()), config);
    }

    private static Sae Plain(SaeParameters p, Tensor bias, SparseActivation activation, SaeConfig config)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        return new(Fitting(config, p), activation, p.Encoder.t().contiguous().detach(), p.Decoder.detach().clone(), bias.detach().clone(),
            p.DecoderBias.detach().clone(), p.Skip?.detach().clone());
    }

    private static Sae UnitNorm(SaeParameters p, SparseActivation activation, SaeConfig config)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var norms = p.DecoderNorms().clamp_min(1e-8); // [d_sae]
        return new(Fitting(config, p), activation, (p.Encoder.t() * norms).contiguous(), p.Decoder / norms.unsqueeze(1), p.EncoderBias * norms,
            p.DecoderBias.detach().clone(), p.Skip?.detach().clone());
    }

    private static SaeConfig Fitting(SaeConfig config, SaeParameters p) => config with { SubtractDecoderBias = p.SubtractsDecoderBias, IsTranscoder = !p.SubtractsDecoderBias };
}
