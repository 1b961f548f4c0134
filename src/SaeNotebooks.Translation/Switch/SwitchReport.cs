using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Tasks;
using SaeNotebooks.Translation.Judging;
using SaeNotebooks.Translation.Measures;

namespace SaeNotebooks.Translation.Switch;

/// <summary>What a search for the translation switch found.</summary>
/// <param name="Model">the model's name</param>
/// <param name="Options">what was drawn</param>
/// <param name="Patching">per layer: does the residual stream at the last prompt token carry the task?</param>
/// <param name="Layers">per layer with an SAE: what its best latents do on the selection prompts</param>
/// <param name="Latents">the chosen latents, at the layer that did best on the selection prompts; empty without SAEs</param>
/// <param name="Ablation">what ablating them does on fresh prompts; null without SAEs</param>
/// <param name="Insertion">what raising them on other prompts does; null without SAEs</param>
/// <param name="Amplification">what amplifying them does on fresh prompts in held-out wordings; null without SAEs</param>
public sealed record SwitchReport(string Model, SwitchOptions Options, IReadOnlyList<PatchingResult> Patching, IReadOnlyList<LayerScan> Layers,
    IReadOnlyList<SwitchLatent> Latents, AblationResult? Ablation, InsertionResult? Insertion, AmplificationResult? Amplification)
{
    /// <summary>The layer of the chosen latents; null without SAEs.</summary>
    public int? Layer => Ablation?.Layer;
}

/// <summary>Residual streams of donor prompts put into receiver prompts with the same source sentence, at the last prompt token.</summary>
/// <param name="Layer">after which block</param>
/// <param name="Donor">the task of the prompt that gives</param>
/// <param name="Receiver">the task of the prompt that receives</param>
/// <param name="Cases">cases drawn</param>
/// <param name="Flipped">share in which the answer carries out the donor's task (into its target language, for translations), of the cases
/// in which the donor alone does so and the receiver alone does not</param>
/// <param name="SetExact">share of the same cases in which that answer is right</param>
public sealed record PatchingResult(int Layer, TaskKind Donor, TaskKind Receiver, int Cases, Estimate Flipped, Estimate SetExact);

/// <summary>The latents of one layer with the largest effects, on the selection prompts.</summary>
/// <param name="Layer">the SAE's layer</param>
/// <param name="Latents">those with the largest effects one by one</param>
/// <param name="Effect">sum of these effects, nats per token: see <see cref="SwitchLatent.Effect"/></param>
/// <param name="OffTaskRise">rise of the off-task rate when all of them are ablated on translation prompts</param>
/// <param name="Flipped">share of repeat and continue prompts that are answered by a translation when all of them are raised</param>
public sealed record LayerScan(int Layer, IReadOnlyList<int> Latents, double Effect, Estimate OffTaskRise, Estimate Flipped);

/// <summary>A latent at the last prompt token.</summary>
/// <param name="Latent">its number</param>
/// <param name="TranslationRate">share of translation prompts on which it fires</param>
/// <param name="OtherRate">share of other prompts on which it fires</param>
/// <param name="Norm">mean norm of what it writes on translation prompts, where it is silent counted as 0</param>
/// <param name="Effect">what the first tokens of the translation lose in log-probability when it alone is ablated on translation prompts, plus what
/// they gain when it alone is raised on other prompts, nats per token, each averaged over prompts</param>
/// <param name="MeanByTarget">mean activation on translation prompts per target language, where it is silent counted as 0</param>
public sealed record SwitchLatent(int Latent, double TranslationRate, double OtherRate, double Norm, double Effect,
    IReadOnlyDictionary<Language, double> MeanByTarget);

/// <summary>Random latents that fire as often and write as much, in place of the chosen ones.</summary>
/// <param name="Latents">the draw</param>
/// <param name="TranslationRate">mean share of translation prompts on which they fire</param>
/// <param name="Norm">mean norm of what one of them writes</param>
/// <param name="Change">change of what was measured</param>
public sealed record ControlDraw(IReadOnlyList<int> Latents, double TranslationRate, double Norm, Estimate Change);

/// <summary>The chosen latents ablated at the last prompt token of fresh translation prompts in wordings of training.</summary>
/// <param name="Layer">the SAE's layer</param>
/// <param name="Before">off-task rate without edits</param>
/// <param name="After">off-task rate with the latents ablated</param>
/// <param name="Rise">paired difference</param>
/// <param name="Outcomes">answers with the latents ablated, by outcome</param>
/// <param name="Controls">the same with matched random latents</param>
public sealed record AblationResult(int Layer, Estimate Before, Estimate After, Estimate Rise, IReadOnlyDictionary<Outcome, int> Outcomes,
    IReadOnlyList<ControlDraw> Controls);

/// <summary>The chosen latents raised to what is usual on translations, at the last prompt token of fresh repeat and continue prompts.</summary>
/// <param name="Layer">the SAE's layer</param>
/// <param name="Flipped">share answered by a translation into the language that they were raised for, of the prompts not answered so without</param>
/// <param name="Controls">the same share with matched random latents</param>
public sealed record InsertionResult(int Layer, Estimate Flipped, IReadOnlyList<ControlDraw> Controls);

/// <summary>The chosen latents amplified at the last prompt token of fresh translation prompts in held-out wordings.</summary>
/// <param name="Layer">the SAE's layer</param>
/// <param name="Rule">how they are amplified</param>
/// <param name="Factor">how much; chosen with the rule on other prompts, in other held-out wordings</param>
/// <param name="Before">off-task rate without edits</param>
/// <param name="After">off-task rate with the latents amplified</param>
/// <param name="Change">paired difference, negative where it helps</param>
/// <param name="RightChange">paired difference of the set-exact rate</param>
/// <param name="Controls">the same with matched random latents</param>
/// <param name="Tried">off-task rates on the selection prompts</param>
public sealed record AmplificationResult(int Layer, AmplificationRule Rule, double Factor, Estimate Before, Estimate After, Estimate Change,
    Estimate RightChange, IReadOnlyList<ControlDraw> Controls, IReadOnlyList<AmplificationTrial> Tried);

/// <summary>One strength on the selection prompts.</summary>
public sealed record AmplificationTrial(AmplificationRule Rule, double Factor, Estimate OffTask);

/// <summary>What amplifying means.</summary>
public enum AmplificationRule
{
    /// <summary>a′ = factor · a: a silent latent stays silent.</summary>
    Multiply,

    /// <summary>a′ = a + factor · m, with m the latent's mean on translation prompts into the prompt's target language.</summary>
    AddMean,

    /// <summary>a′ = max(a, factor · m): raises a latent to what is usual, and leaves it where it is above that.</summary>
    AtLeast,
}
