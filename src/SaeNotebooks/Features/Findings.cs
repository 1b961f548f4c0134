using SaeNotebooks.Models;

namespace SaeNotebooks.Features;

/// <summary>A latent on the occurrences of one token of the vocabulary.</summary>
/// <param name="Token">the token</param>
/// <param name="Occurrences">how often it occurs and counts</param>
/// <param name="Fires">on how many of them the latent fires</param>
/// <param name="Rate">the quotient</param>
/// <param name="Mean">mean activation over all its occurrences, silent ones included</param>
public sealed record TokenRate(Token Token, long Occurrences, long Fires, double Rate, double Mean);

/// <summary>A latent that fires on a token of the vocabulary.</summary>
/// <param name="Latent">which</param>
/// <param name="Fires">on how many of the token's occurrences</param>
/// <param name="RateThere">the share of them</param>
/// <param name="Rate">share of all tokens on which it fires</param>
/// <param name="MeanThere">mean activation over the token's occurrences, silent ones included</param>
public sealed record LatentOnToken(int Latent, long Fires, double RateThere, double Rate, double MeanThere)
{
    /// <summary>How many times more often it fires there than on tokens at large.</summary>
    public double Lift => RateThere / Rate;
}

/// <summary>The latents that fire on one token of a text.</summary>
/// <param name="Token">the token</param>
/// <param name="Latents">the most unusual first; empty for a token that does not count</param>
public sealed record TokenLatents(Token Token, IReadOnlyList<LatentFiring> Latents);

/// <summary>A latent that fires, and how unusual that is.</summary>
/// <param name="Latent">which</param>
/// <param name="Activation">how strongly</param>
/// <param name="Rate">share of the corpus's tokens on which it fires at all</param>
/// <param name="Rarity">share of the corpus's tokens on which it is at least this strong: the smaller, the more unusual</param>
public sealed record LatentFiring(int Latent, float Activation, double Rate, double Rarity);

/// <summary>Two latents on the same tokens.</summary>
/// <param name="Latent">the other latent</param>
/// <param name="Together">tokens on which both fire</param>
/// <param name="Jaccard">that number by those on which either fires</param>
/// <param name="Lift">that number by what would be expected if they fired independently</param>
/// <param name="Correlation">Pearson's, of the two activations over all tokens that count</param>
public sealed record LatentPair(int Latent, long Together, double Jaccard, double Lift, double Correlation);

/// <summary>A latent of another SAE that may stand for the same.</summary>
/// <param name="Sae">the other SAE's name</param>
/// <param name="Pair">how they fire together</param>
/// <param name="Cosine">of their decoder directions; null where an index is not bound to its SAE, or the widths differ</param>
public sealed record LatentMatch(string Sae, LatentPair Pair, double? Cosine);

/// <summary>A latent and the cosine of its decoder direction with another.</summary>
/// <param name="Latent">which</param>
/// <param name="Cosine">from −1 to 1</param>
public sealed record LatentCosine(int Latent, double Cosine);

/// <summary>Everything about one latent that a dashboard shows.</summary>
/// <param name="Latent">from 0</param>
/// <param name="Statistics">numbers; <see cref="LatentStatistics.NeverFires"/> says that there are no examples</param>
/// <param name="Histogram">of its activations where it fires</param>
/// <param name="Top">strongest examples, at most one per sequence</param>
/// <param name="Intervals">examples from the whole range</param>
/// <param name="TokensByRate">tokens on which it fires most often</param>
/// <param name="TokensByMean">tokens on which it is strongest on average</param>
/// <param name="Profile">by language, task, role and position, as far as the corpus is labelled</param>
/// <param name="CoActive">latents of the same SAE that fire with it</param>
/// <param name="Nearest">latents whose decoder directions are nearest</param>
/// <param name="Logits">output tokens that its direction promotes and suppresses; null of an SAE that does not write to the residual stream</param>
public sealed record LatentReport(int Latent, LatentStatistics Statistics, ActivationHistogram Histogram, IReadOnlyList<Example> Top, IReadOnlyList<ExampleBand> Intervals,
    IReadOnlyList<TokenRate> TokensByRate, IReadOnlyList<TokenRate> TokensByMean, IReadOnlyList<LabelProfile> Profile, IReadOnlyList<LatentPair> CoActive,
    IReadOnlyList<LatentCosine> Nearest, LogitWeights? Logits);

/// <summary>How much a <see cref="LatentReport"/> holds.</summary>
public sealed record ReportOptions
{
    /// <summary>Bins of the histogram.</summary>
    public int Bins { get; init; } = 40;

    /// <summary>Strongest examples.</summary>
    public int Top { get; init; } = 20;

    /// <summary>Parts of the range, of equal width.</summary>
    public int Intervals { get; init; } = 10;

    /// <summary>Examples from each part.</summary>
    public int PerInterval { get; init; } = 5;

    /// <summary>Rows of each list of tokens and latents.</summary>
    public int Rows { get; init; } = 10;

    /// <summary>How much of a text is shown.</summary>
    public ContextWindow Window { get; init; } = ContextWindow.Default;
}
