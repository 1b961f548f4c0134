using SaeNotebooks.Features;
using SaeNotebooks.Hooks;
using SaeNotebooks.Training.Embedded;
using SaeNotebooks.Translation.Causal;
using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Study;

namespace SaeNotebooks.Translation.Transfer;

/// <summary>What a study of transfer is made on. Models and SAEs stay the caller's.</summary>
/// <param name="From">the model in which latents were found</param>
/// <param name="To">the model they are carried over to, which reads the same language with the same tokenizer</param>
/// <param name="Corpus">grammar and wordings of both</param>
/// <param name="Task">draws prompts and judges answers</param>
/// <param name="Found">the latents to carry over</param>
public sealed record TransferSubject(LatentSide From, LatentSide To, EmbeddedCorpus Corpus, ITranslationTask Task, FoundLatents Found)
{
    /// <summary>Stands for both models, all SAEs and the task.</summary>
    internal string Digest() => StudyCache.Digest([ModelDigest(To), ModelDigest(From), $"{Task.Base} {Task.Generation}", .. Task.Prompts(Task.Base, PromptUse.Test, 4, everyWording: true).Select(p => p.Text + p.Answer),
        .. Saes(From), .. Saes(To)]);

    /// <summary>Stands for a model.</summary>
    internal static string ModelDigest(LatentSide side) =>
        StudyCache.Digest(side.Name, $"{side.Model.Dtype}", Fingerprint.Of(side.Model, Hook.ResidPost(side.Model.Config.NLayers - 1)), Fingerprint.Of(side.Model.Tokenizer));

    private static IEnumerable<string> Saes(LatentSide side) => side.Saes.Hooks.Select(hook => side.Use(hook.Layer, Fingerprint.Of));
}

/// <summary>Latents that a study of the translation switch verified, and those that it leaves in doubt.</summary>
/// <param name="Causal">whose ablation costs significantly</param>
/// <param name="Suspects">those and others that were screened and of which this is not unlikely, so that they are no controls; latents that were never screened are not among them</param>
/// <param name="EveryStep">whether they were ablated wherever a token is decided, or at the last prompt token alone</param>
public sealed record FoundLatents(IReadOnlyList<LatentId> Causal, IReadOnlyList<LatentId> Suspects, bool EveryStep)
{
    /// <summary>Causal is what costs quality in generation, or log-probability in screening beyond matched random latents, by either test after Holm's
    /// correction; suspect is also what does so before the correction.</summary>
    /// <exception cref="ArgumentException">the study found none</exception>
    public static FoundLatents Of(StudyReport study)
    {
        var screened = study.Screened.Where(s => s.Factor == 0 && s.BeyondControls.Value < 0).ToList();
        var generated = study.Verified.Where(v => v.Factor == 0 && v.Quality.Value < 0).ToList();
        List<LatentId> causal = [.. generated.Where(v => v.Latent.Group == VerifiedGroup.Best && v.Holm < 0.05).Select(v => v.Latent.Id)
            .Concat(screened.Where(s => s.Holm < 0.05).Select(s => s.Id)).Distinct().Order()];
        if (causal.Count == 0) throw new ArgumentException($"The study of '{study.Model}' found no latent whose ablation costs significantly, so there is nothing to carry over.", nameof(study));
        var suspects = screened.Where(s => s.P < 0.05).Select(s => s.Id).Concat(generated.Where(v => Math.Min(v.PQuality, v.POffTask) < 0.05).Select(v => v.Latent.Id)).Concat(causal);
        return new(causal, [.. suspects.Distinct().Order()], study.Options.Screening.EveryStep);
    }
}
