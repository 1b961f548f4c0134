using SaeNotebooks.Features;
using SaeNotebooks.Saes;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Discovery;

/// <summary>A recalled latent and how it behaves at the last prompt token.</summary>
/// <param name="Latent">its number</param>
/// <param name="Share">share of samples in which the recall saw it</param>
/// <param name="Mean">its mean there, where active</param>
/// <param name="LastRate">share of prompts at whose last token it fires</param>
/// <param name="Norm">mean norm of what it writes there, where silent counted as 0</param>
/// <param name="Consistency">of its influence vectors at its own layer</param>
public sealed record DiscoveredLatent(int Latent, double Share, double Mean, double LastRate, double Norm, Consistency Consistency);

/// <summary>Where the latents of one SAE fire at the last token of prompts without their reference; arrays are by latent.</summary>
/// <param name="Rates">share of prompts on which it fires</param>
/// <param name="Norms">mean norm of what it writes, where silent counted as 0</param>
public sealed record LastTokenFiring(IReadOnlyList<float> Rates, IReadOnlyList<float> Norms)
{
    /// <param name="sae">the SAE</param>
    /// <param name="rows">[tokens, d_model] at its hook</param>
    internal static LastTokenFiring Of(Sae sae, Tensor rows)
    {
        using var scope = NewDisposeScope();
        var lengths = sae.Decoder.norm(1).cpu().data<float>().ToArray();
        var statistics = LatentStatistics.OfAll(sae, rows);
        return new([.. statistics.Select(s => (float)s.Rate)], [.. statistics.Select(s => (float)(s.Rate * s.Mean * lengths[s.Latent]))]);
    }
}

/// <summary>What was found with the SAE of one layer.</summary>
/// <param name="Layer">after which the residual stream is read</param>
/// <param name="Width">latents of the SAE</param>
/// <param name="Samples">samples in which each watched position exists</param>
/// <param name="Latents">the recalled ones, in ascending order</param>
/// <param name="Firing">of every latent at the last token</param>
public sealed record LayerDiscovery(int Layer, int Width, IReadOnlyList<int> Samples, IReadOnlyList<DiscoveredLatent> Latents, LastTokenFiring Firing)
{
    /// <summary>Recalled latents per thousand.</summary>
    public double Density => 1000.0 * Latents.Count / Width;
}
