using SaeNotebooks.Training.Evaluation;

namespace SaeNotebooks.Translation.SaeQuality;

/// <summary>What was measured on one SAE, on documents that neither model nor SAE was trained on; BOS is excluded throughout.</summary>
/// <param name="Hook">where it reads</param>
/// <param name="Width">latents</param>
/// <param name="Architecture">SAELens's name of it</param>
/// <param name="Tokens">tokens encoded</param>
/// <param name="L0">active latents per token</param>
/// <param name="ExplainedVariance">1 − Σ‖x − x̂‖² / Σ‖x − x̄‖² over all tokens</param>
/// <param name="AllTokens">cross-entropy over all tokens</param>
/// <param name="AnswerTokens">cross-entropy over the tokens of answers alone</param>
/// <param name="Dead">share of latents that never fired</param>
/// <param name="Density">histogram of log10 of the firing rate, of the latents that fired</param>
/// <param name="Names">how well single latents tell language, task and concept</param>
/// <param name="Probes">how well a probe on one latent tells each label, and whether other latents absorb it</param>
public sealed record SaeCard(string Hook, int Width, string Architecture, int Tokens, double L0, double ExplainedVariance, RecoveredLoss AllTokens,
    RecoveredLoss AnswerTokens, double Dead, IReadOnlyList<DensityBin> Density, IReadOnlyList<NamabilityScore> Names, IReadOnlyList<LabelProbe> Probes);

/// <summary>Cross-entropy with the SAE's reconstruction in place of the activation.</summary>
/// <param name="Clean">of the model, nats per token</param>
/// <param name="Spliced">with the reconstruction</param>
/// <param name="Zero">with zeros</param>
/// <param name="Tokens">tokens predicted</param>
public sealed record RecoveredLoss(double Clean, double Spliced, double Zero, int Tokens)
{
    /// <summary>(zero − spliced) / (zero − clean): 1 if nothing is lost.</summary>
    public double Recovered => (Zero - Spliced) / (Zero - Clean);
}

/// <summary>How well single latents tell one kind of label, against the same labels shuffled.</summary>
/// <param name="Kind">language, task or concept</param>
/// <param name="Labels">each label with the latent that tells it best</param>
/// <param name="MeanCorrelation">mean of their correlations</param>
/// <param name="ShuffledMeanCorrelation">the same for shuffled labels</param>
/// <param name="NamedShare">share of the latents that fire whose correlation with some label reaches the threshold</param>
/// <param name="ShuffledNamedShare">the same for shuffled labels</param>
public sealed record NamabilityScore(string Kind, IReadOnlyList<NamedLatent> Labels, double MeanCorrelation, double ShuffledMeanCorrelation, double NamedShare,
    double ShuffledNamedShare);

/// <summary>A label and the latent whose firing tells it best.</summary>
/// <param name="Label">the label</param>
/// <param name="Latent">the latent with the highest correlation</param>
/// <param name="Correlation">Matthews' correlation of "the latent fires" and "the label holds"</param>
/// <param name="F1">of "the latent fires" for "the label holds"</param>
/// <param name="BalancedAccuracy">mean of the rates of true positives and true negatives</param>
/// <param name="Count">observations with the label</param>
public sealed record NamedLatent(string Label, int Latent, double Correlation, double F1, double BalancedAccuracy, int Count);

/// <summary>How much an SAE evaluation measures.</summary>
public sealed record SaeEvaluationOptions
{
    /// <summary>Documents of the training stream.</summary>
    public int Documents { get; init; } = 800;

    /// <summary>Index of the first, beyond those that model and SAEs were trained on.</summary>
    public long FirstDocument { get; init; } = 3_000_000_000;

    /// <summary>How many of them, from the first on, labels are probed on.</summary>
    public int ProbedDocuments { get; init; } = 400;

    /// <summary>Correlation from which a latent counts as named.</summary>
    public double NamedFrom { get; init; } = 0.5;

    /// <summary>Concepts that occur less often are not looked at.</summary>
    public int LeastCount { get; init; } = 12;

    /// <summary>Seed of the shuffles.</summary>
    public ulong Seed { get; init; } = 20_260_303;
}
