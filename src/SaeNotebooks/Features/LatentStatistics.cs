namespace SaeNotebooks.Features;

/// <summary>What a latent does on a corpus, in numbers. Shares and rates are of the tokens that count.</summary>
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
    /// <summary>Whether it fired on no token of the corpus.</summary>
    public bool NeverFires => Fires == 0;
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
