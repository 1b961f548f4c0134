using System.Text.Json.Serialization;
using SaeNotebooks.Models.Known;
using SaeNotebooks.Translation.Causal;
using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Measures;

namespace SaeNotebooks.Translation.Study;

/// <summary>What a study of the translation switch measured.</summary>
/// <param name="Model">the model's name</param>
/// <param name="Task">sentences and wordings</param>
/// <param name="QualityName">what quality is</param>
/// <param name="Base">the setting in which candidates were found</param>
/// <param name="Options">how much was measured</param>
/// <param name="PositionSamples">in how many samples each watched position exists</param>
/// <param name="Readings">how many latents other readings of the recall give</param>
/// <param name="Layers">by layer, how many latents were recalled</param>
/// <param name="Candidates">the recalled latents</param>
/// <param name="Settings">settings of the recurrence; 0 if it was left out</param>
/// <param name="FirstOrder">how well first-order effects foretell exact ones</param>
/// <param name="Screened">candidates and latents found by their first-order effect, ranked</param>
/// <param name="Recurrent">latents recalled in most settings, with their causal effect by language</param>
/// <param name="Plain">generation without interventions</param>
/// <param name="Measured">generation in the measures of the field</param>
/// <param name="Verified">generation with interventions</param>
/// <param name="RhoBins">generation by group of ρ</param>
/// <param name="Transfer">on languages and wordings that were held out</param>
/// <param name="Power">what the test could have found</param>
/// <param name="Landmarks">latents of the literature, where the model is theirs</param>
public sealed record StudyReport(string Model, string Task, string QualityName, Setting Base, StudyOptions Options,
    IReadOnlyDictionary<string, int> PositionSamples, IReadOnlyList<RecallReading> Readings, IReadOnlyList<LayerSummary> Layers,
    IReadOnlyList<Candidate> Candidates, int Settings, IReadOnlyList<FirstOrderFit> FirstOrder, IReadOnlyList<ScreenedLatent> Screened,
    IReadOnlyList<CausalRecurrence> Recurrent, PlainAnswers Plain, IReadOnlyList<MeasuredAnswers> Measured, IReadOnlyList<VerifiedLatent> Verified, IReadOnlyList<RhoBinEffect> RhoBins,
    IReadOnlyList<TransferEffect> Transfer, TestPower Power, IReadOnlyList<LandmarkCheck> Landmarks);

/// <summary>The recall of one layer.</summary>
/// <param name="Layer">the layer</param>
/// <param name="Width">latents of its SAE</param>
/// <param name="Recalled">how many were recalled</param>
/// <param name="Low">of them with ρ &lt; 0.5</param>
/// <param name="Middle">with 0.5 ≤ ρ ≤ 0.95</param>
/// <param name="High">with ρ > 0.95</param>
public sealed record LayerSummary(int Layer, int Width, int Recalled, int Low, int Middle, int High);

/// <summary>How many latents one reading of the recall gives.</summary>
/// <param name="Rule">in words</param>
/// <param name="ByLayer">recalled latents, lowest layer first</param>
public sealed record RecallReading(string Rule, IReadOnlyList<int> ByLayer);

/// <summary>A recalled latent.</summary>
/// <param name="Id">which</param>
/// <param name="Found">what discovery measured</param>
/// <param name="Downstream">the consistency of its influence on the final residual stream</param>
/// <param name="Settings">in how many settings it is recalled</param>
/// <param name="OtherRate">share of prompts in the same frame that ask for something else at whose last token it fires; null in reports that did not measure it</param>
public sealed record Candidate(LatentId Id, DiscoveredLatent Found, Consistency Downstream, int Settings, double? OtherRate = null)
{
    /// <summary>Whether it answers to the frame of the prompt: it fires on other tasks at least half as often as on translation. Null if that was not measured.</summary>
    [JsonIgnore]
    public bool? IsFraming => OtherRate is { } other ? other >= 0.5 * Found.LastRate && other > 0 : null;
}

/// <summary>Generation without interventions.</summary>
/// <param name="OffTask">share of answers that are something else than a translation</param>
/// <param name="Quality">mean quality</param>
/// <param name="ByPair">both, by language pair</param>
/// <param name="Kinds">answers by kind</param>
public sealed record PlainAnswers(Estimate OffTask, Estimate Quality, IReadOnlyDictionary<string, PairAnswers> ByPair, IReadOnlyDictionary<string, int> Kinds);

/// <summary>Generation without interventions, of one language pair.</summary>
public sealed record PairAnswers(Estimate OffTask, Estimate Quality);

/// <summary>An intervention on prompts that were held out.</summary>
/// <param name="Prompts">what is new about them</param>
/// <param name="Id">the latent</param>
/// <param name="Factor">by which it is multiplied</param>
/// <param name="Before">off-task rate without it</param>
/// <param name="OffTask">change of the off-task rate</param>
/// <param name="Quality">change of the quality</param>
/// <param name="QualityBeyondControl">the same beyond its matched random latent; null without one</param>
public sealed record TransferEffect(string Prompts, LatentId Id, double Factor, Estimate Before, Estimate OffTask, Estimate Quality, Estimate? QualityBeyondControl);

/// <summary>What the test of generation could have found.</summary>
/// <param name="Cases">paired prompts</param>
/// <param name="Tests">latents and factors</param>
/// <param name="Noise">share of prompts that change against the trend, the median over random latents</param>
/// <param name="Single">smallest change of the off-task rate that one test at 5 % finds in 80 % of studies</param>
/// <param name="Corrected">the same at 5 % divided by the number of tests; NaN if there is none</param>
public sealed record TestPower(int Cases, int Tests, double Noise, double Single, double Corrected);

/// <summary>A latent of the literature in this study.</summary>
/// <param name="Landmark">what is said</param>
/// <param name="LastRate">share of prompts at whose last token it fires; null without an SAE of that layer and width</param>
/// <param name="Recalled">whether it was recalled</param>
/// <param name="Ablation">mean change of the references' log-probability, if it was screened</param>
/// <param name="Rank">its place among the screened latents, from 1; null if it was not screened</param>
public sealed record LandmarkCheck(KnownLatent Landmark, double? LastRate, bool Recalled, Estimate? Ablation, int? Rank);
