using SaeNotebooks.Features;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Models.Known;
using SaeNotebooks.Translation.Discovery;

namespace SaeNotebooks.Translation.Study;

/// <summary>What is studied. The model and the SAEs stay the caller's.</summary>
/// <param name="Name">the model's short name</param>
/// <param name="Model">a model with a tokenizer</param>
/// <param name="Saes">its SAEs</param>
/// <param name="Task">sentences, wordings and a judge</param>
public sealed record StudySubject(string Name, HookedTransformer Model, SaeSource Saes, ITranslationTask Task)
{
    private const int SampledSentences = 4;

    /// <summary>Latents that the literature names, to be found again; by default those of the model's record, which are of its SAEs after a layer.</summary>
    public IReadOnlyList<KnownLatent> Landmarks { get; init; } = KnownModels.Find(Name)?.Latents ?? [];

    /// <summary>Stands for the model, the SAEs and the task: parts of a study are used again only where it is the same.</summary>
    internal string Digest() => StudyCache.Digest([Name, Task.Name, Task.Base.ToString(), $"{Task.Generation}", .. Task.Prompts(Task.Base, PromptUse.Test, SampledSentences, everyWording: true).Select(p => p.Text + p.Answer), $"{Model.Dtype}", Fingerprint.Of(Model, Hook.ResidPost(Model.Config.NLayers - 1)), Fingerprint.Of(Model.Tokenizer),
        .. Saes.Hooks.Select(hook => Saes.Use(hook, Fingerprint.Of))]);
}
