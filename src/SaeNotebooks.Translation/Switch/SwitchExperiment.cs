using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using SaeNotebooks.Training.Embedded;
using SaeNotebooks.Translation.Evaluation;
using SaeNotebooks.Translation.Judging;

namespace SaeNotebooks.Translation.Switch;

/// <summary>
/// Looks for the translation switch by causal effect: where the residual stream at the last prompt token carries the task, which latents
/// there make the model translate, what happens without them, and whether more of them helps where the model goes astray.
/// </summary>
public static class SwitchExperiment
{
    /// <summary>Runs the whole search.</summary>
    /// <param name="model">a model with a tokenizer</param>
    /// <param name="name">its name in the report</param>
    /// <param name="corpus">grammar and wordings</param>
    /// <param name="saes">SAEs at <c>hook_resid_post</c> of any layers; without any, only patching is done</param>
    /// <param name="options">how much is measured</param>
    /// <param name="progress">told what is being measured</param>
    /// <param name="cancel">ends it with an exception</param>
    /// <exception cref="ArgumentException">an SAE reads another hook</exception>
    public static SwitchReport Run(HookedTransformer model, string name, EmbeddedCorpus corpus, IReadOnlyList<Sae> saes, SwitchOptions? options = null,
        IProgress<string>? progress = null, CancellationToken cancel = default)
    {
        options ??= new();
        if (saes.FirstOrDefault(s => s.Config.Hook.Point != HookPoint.ResidPost) is { } other)
            throw new ArgumentException($"The switch is looked for in the residual stream after a layer (hook_resid_post), not at {other.Config.Hook}.", nameof(saes));
        var examiner = new Examiner(model, new AnswerJudge(corpus.Grammar));
        var prompts = new SwitchPrompts(new PromptSampler(corpus.Grammar, corpus.Wordings), corpus.Wordings, options);
        var patching = new Patching(examiner, prompts.Sampler, options, cancel).Run(progress);
        var report = new SwitchReport(name, options, patching, [], [], null, null, null);
        return saes.Count == 0 ? report : new LatentSearch(examiner, prompts, options, cancel).Run(report, saes, progress);
    }

    /// <summary>Patching alone: no SAE is needed.</summary>
    /// <inheritdoc cref="Run"/>
    public static IReadOnlyList<PatchingResult> Patch(HookedTransformer model, EmbeddedCorpus corpus, SwitchOptions? options = null,
        IProgress<string>? progress = null, CancellationToken cancel = default) =>
        Run(model, "", corpus, [], options, progress, cancel).Patching;
}
