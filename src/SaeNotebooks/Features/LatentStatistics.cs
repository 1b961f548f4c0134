using SaeNotebooks.Features.Writing;
using SaeNotebooks.Saes;
using static TorchSharp.torch;

namespace SaeNotebooks.Features;

/// <summary>What a latent does on some tokens, in numbers: on those of a corpus that count, for an index, or on any others, as the last ones of prompts.</summary>
/// <param name="Latent">from 0</param>
/// <param name="Fires">tokens on which it fires; 0 if it never does, and then all that follows but the bias is 0</param>
/// <param name="Rate">share of tokens on which it fires</param>
/// <param name="Max">strongest activation</param>
/// <param name="Mean">mean activation where it fires</param>
/// <param name="RootMeanSquare">root of the mean squared activation where it fires</param>
/// <param name="Quantiles">of its activation where it fires</param>
/// <param name="Bias">b_enc of the latent: below 0, its input has to overcome it</param>
public sealed record LatentStatistics(int Latent, long Fires, double Rate, float Max, float Mean, float RootMeanSquare, ActivationQuantiles Quantiles, float Bias)
{
    /// <summary>Whether it fired on none of the tokens.</summary>
    public bool NeverFires => Fires == 0;

    /// <summary>Of all latents of an SAE, on the tokens of these activations.</summary>
    /// <param name="sae">the SAE</param>
    /// <param name="rows">[tokens, d_in] at its hook; may be empty</param>
    /// <returns>one for each latent</returns>
    public static IReadOnlyList<LatentStatistics> OfAll(Sae sae, Tensor rows)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var values = ByLatent(sae, rows);
        var biases = sae.EncoderBias.to(float32).cpu().data<float>().ToArray();
        var tally = new LatentTally();
        return [.. values.Select((own, latent) =>
        {
            tally.Take(own, biases[latent]);
            return Of(latent, own.Length, rows.shape[0], tally.Statistics);
        })];
    }

    /// <param name="latent">which</param>
    /// <param name="fires">tokens on which it fires</param>
    /// <param name="tokens">of so many</param>
    /// <param name="stored">what <see cref="LatentTally.Statistics"/> computed</param>
    internal static LatentStatistics Of(int latent, long fires, long tokens, ReadOnlySpan<float> stored) =>
        new(latent, fires, (double)fires / Math.Max(1, tokens), stored[0], stored[1], stored[2], ActivationQuantiles.Of(stored.Slice(3, 4)), stored[7]);

    /// <summary>The activations of each latent where it fires.</summary>
    private static float[][] ByLatent(Sae sae, Tensor rows)
    {
        if (rows.shape[0] == 0) return [.. Enumerable.Repeat(Array.Empty<float>(), sae.Width)];
        using var encoded = sae.Encode(rows);
        var (ids, activations) = (encoded.Ids.cpu().data<long>().ToArray(), encoded.Values.cpu().data<float>().ToArray());
        var counts = new int[sae.Width];
        foreach (var id in ids) counts[id]++;
        float[][] values = [.. counts.Select(count => new float[count])];
        for (var e = 0; e < ids.Length; e++) values[ids[e]][--counts[ids[e]]] = activations[e];
        return values;
    }
}

/// <summary>Quantiles of an activation where the latent fires: the smallest activation that at least this share of firings does not exceed.</summary>
/// <param name="Half">median</param>
/// <param name="ThreeQuarters">0.75</param>
/// <param name="NineTenths">0.9</param>
/// <param name="NinetyNineHundredths">0.99</param>
public readonly record struct ActivationQuantiles(float Half, float ThreeQuarters, float NineTenths, float NinetyNineHundredths)
{
    internal static readonly double[] Shares = [0.5, 0.75, 0.9, 0.99];

    internal static ActivationQuantiles Of(ReadOnlySpan<float> values) => new(values[0], values[1], values[2], values[3]);
}

/// <summary>How often activations of a latent fall between two borders, where it fires.</summary>
/// <param name="From">left border of the first bin: 0</param>
/// <param name="To">right border of the last bin, which belongs to it: the strongest activation</param>
/// <param name="Counts">firings by bin, all bins of one width</param>
public sealed record ActivationHistogram(float From, float To, IReadOnlyList<long> Counts)
{
    /// <summary>Width of a bin.</summary>
    public float BinWidth => (To - From) / Counts.Count;
}

/// <summary>How a latent's firing depends on one kind of label.</summary>
/// <param name="Kind">for example <c>language</c></param>
/// <param name="Rates">by label, in the order of the kind</param>
public sealed record LabelProfile(string Kind, IReadOnlyList<LabelRate> Rates);

/// <summary>A latent on the tokens with one label.</summary>
/// <param name="Label">the label</param>
/// <param name="Tokens">tokens with it, of those that count</param>
/// <param name="Fires">tokens among them on which the latent fires</param>
/// <param name="Rate">the quotient; 0 if no token has the label</param>
/// <param name="Mean">mean activation over the tokens with the label, silent ones included</param>
public sealed record LabelRate(string Label, long Tokens, long Fires, double Rate, double Mean);
