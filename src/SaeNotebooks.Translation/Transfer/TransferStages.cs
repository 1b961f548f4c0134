using SaeNotebooks.Saes;
using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Embedded;
using SaeNotebooks.Training.Evaluation;
using SaeNotebooks.Translation.Causal;
using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Evaluation;
using SaeNotebooks.Translation.Study;

namespace SaeNotebooks.Translation.Transfer;

/// <summary>The stages of a study of transfer that run the models. Each part is kept in the cache as soon as it is done.</summary>
internal sealed class TransferStages(TransferSubject subject, TransferOptions options, StudyCache cache, CancellationToken cancel)
{
    private const long HeldOutDocuments = 2_000_000_000; // neither models nor SAEs were trained on documents from here on

    private readonly Lazy<IReadOnlyList<TranslationPrompt>> _prompts =
        new(() => [.. subject.Task.Settings.SelectMany(s => subject.Task.Prompts(s, PromptUse.Test, options.SentencesPerSetting, everyWording: false))]);

    private readonly Lazy<IReadOnlyList<TranslationPrompt>> _asked = new(() => [.. subject.Task.Settings.Where(s => s.Prompt == subject.Task.Base.Prompt)
        .SelectMany(s => subject.Task.Prompts(s, PromptUse.Test, options.PromptsPerPair, everyWording: false))]);

    /// <summary>Prompts on which ablation is measured.</summary>
    public IReadOnlyList<TranslationPrompt> Prompts => _prompts.Value;

    /// <summary>Latents of the same layer that come nearest to some in firing rate and norm.</summary>
    public Dictionary<LatentId, IReadOnlyList<LatentId>> Peers(LatentSide side, IReadOnlyList<LatentId> latents, int count, IEnumerable<LatentId> barred) =>
        AblationStage.Peers(latents, Firing(side, latents), count, barred);

    /// <summary>Matches of the found latents and their controls.</summary>
    public Matches Match(IReadOnlyList<LatentId> latents)
    {
        using var progress = Progress.Start("Matching latents", cancellation: cancel);
        return cache.Get("matches", new { latents, options.MatchingPrompts, options.SentencesPerSetting, options.DownstreamPrompts, options.Seed }, () =>
            new MatchingStage(subject, options, progress.Cancellation).Run(latents, [.. Prompts.Take(options.DownstreamPrompts).Select(p => p.Text)]));
    }

    /// <summary>Effects of ablating latents one by one, by prompt.</summary>
    public Dictionary<LatentId, IReadOnlyList<float>> Effects(LatentSide side, IEnumerable<LatentId> latents)
    {
        var layers = latents.Distinct().Order().GroupBy(l => l.Layer, l => l.Latent).ToList();
        using var progress = Progress.Start($"Ablating latents of {side.Name}", layers.Count, "layers", cancellation: cancel);
        var stage = new AblationStage(side, Prompts, subject.Found.EveryStep, progress.Cancellation);
        var effects = new Dictionary<LatentId, IReadOnlyList<float>>();
        foreach (var (i, layer) in layers.Index())
        {
            int[] own = [.. layer];
            foreach (var e in cache.Get($"effects/{Part(side)}-L{layer.Key}", new { own, options.SentencesPerSetting, subject.Found.EveryStep }, () => stage.Effects(layer.Key, own))) effects[e.Id] = e.Effects;
            progress.Report(i + 1, $"after layer {layer.Key}");
        }
        return effects;
    }

    /// <summary>Of every searched layer of the second model, the latents that should cost most.</summary>
    public IReadOnlyList<LatentId> Strongest()
    {
        var hooks = subject.To.Saes.Hooks;
        using var progress = Progress.Start($"First-order effects in {subject.To.Name}", hooks.Count, "layers", cancellation: cancel);
        var stage = new AblationStage(subject.To, Prompts, subject.Found.EveryStep, progress.Cancellation);
        var strongest = new List<LatentId>();
        foreach (var hook in hooks)
        {
            strongest.AddRange(cache.Get<IReadOnlyList<int>>($"strongest/L{hook.Layer}", new { options.Strongest, options.SentencesPerSetting, subject.Found.EveryStep },
                () => stage.Strongest(hook.Layer, options.Strongest)).Select(j => new LatentId(hook.Layer, j)));
            progress.Report(strongest.Count / Math.Max(1, options.Strongest), $"after layer {hook.Layer}");
        }
        return strongest;
    }

    /// <summary>Firing of all latents of the layers of some.</summary>
    public Dictionary<int, LastTokenFiring> Firing(LatentSide side, IEnumerable<LatentId> latents)
    {
        using var progress = Progress.Start($"Firing of latents of {side.Name}", cancellation: cancel);
        return new AblationStage(side, Prompts, subject.Found.EveryStep, progress.Cancellation).Firing([.. latents.Select(l => l.Layer).Distinct().Order()]);
    }

    /// <summary>Answers with sets of latents ablated, the empty one among them.</summary>
    public IReadOnlyList<AnswerSet> Generate(LatentSide side, IReadOnlyList<IReadOnlyList<LatentId>> sets)
    {
        using var progress = Progress.Start($"Generating with {side.Name}", sets.Count, "sets of ablated latents", cancellation: cancel);
        var stage = new AblationStage(side, Prompts, subject.Found.EveryStep, progress.Cancellation);
        return [.. sets.Select((set, i) =>
        {
            var answers = cache.Get($"answers/{Part(side)}-{StudyCache.Digest(set.Select(l => l.ToString()))}", new { options.PromptsPerPair, subject.Found.EveryStep },
                () => stage.Answers(subject.Task, _asked.Value, set));
            progress.Report(i + 1);
            return answers;
        })];
    }

    /// <summary>Perplexity per token on held-out stories of all languages.</summary>
    public double Perplexity(LatentSide side) => cache.Get($"perplexity/{Part(side)}", new { options.Stories, options.Seed }, () =>
    {
        using var progress = Progress.Start($"Perplexity of {side.Name}", cancellation: cancel);
        var (sampler, rng) = (new PromptSampler(subject.Corpus.Grammar, subject.Corpus.Wordings), new Rng(options.Seed + 6));
        List<string> stories = [.. Languages.All.SelectMany(l => Enumerable.Range(0, options.Stories).Select(_ => sampler.Story(rng, l, sentences: 6)))];
        var losses = NextTokenLoss.Of(side.Model, [.. stories.Select(s => side.Model.Encode(s))], cancel: progress.Cancellation);
        return new Measured(Math.Exp(losses.Sum(l => l.Sum(x => (double)x)) / losses.Sum(l => l.Length)));
    }).Value;

    /// <summary>Log-probability of each reference without interventions.</summary>
    public IReadOnlyList<double> LogProbs(LatentSide side) => cache.Get<IReadOnlyList<double>>($"references/{Part(side)}", new { options.SentencesPerSetting }, () =>
    {
        using var progress = Progress.Start($"References in {side.Name}", cancellation: cancel);
        List<(int[] Prompt, int[] Answer)> ids = [.. Prompts.Select(p => ((int[])[.. side.Model.Encode(p.Text)], (int[])[.. side.Model.Encode(p.Answer, bos: false)]))];
        return [.. NextTokenLoss.Of(side.Model, [.. ids.Select(p => (int[])[.. p.Prompt, .. p.Answer])], cancel: progress.Cancellation).Zip(ids, (losses, p) => -losses.Skip(p.Prompt.Length - 1).Average(l => (double)l))];
    });

    /// <summary>How well the second model's SAEs reconstruct.</summary>
    public IReadOnlyList<SaeFacts> Saes()
    {
        var hooks = subject.To.Saes.Hooks;
        using var progress = Progress.Start($"SAEs of {subject.To.Name}", hooks.Count, "SAEs", cancellation: cancel);
        var facts = new List<SaeFacts>();
        foreach (var layer in hooks.Select(h => h.Layer))
        {
            facts.Add(cache.Get($"saes/L{layer}", new { options.SaeDocuments }, () => subject.To.Use(layer, sae => Facts(sae, progress.Cancellation))));
            progress.Report(facts.Count, $"after layer {layer}");
        }
        return facts;
    }

    private SaeFacts Facts(Sae sae, CancellationToken stop)
    {
        List<int[]> documents = [.. Enumerable.Range(0, options.SaeDocuments).Select(i => EmbeddedCorpus.Tokenise(subject.Corpus.Documents[HeldOutDocuments + i], subject.To.Model.Tokenizer!).Ids)];
        var quality = SaeQuality.Firing.Of(subject.To.Model, sae, documents, stop).Tally.Result();
        return new(sae.Config.Hook.Layer, sae.Width, quality.L0, quality.ExplainedVariance, quality.Dead);
    }

    // Both models may have the same name.
    private string Part(LatentSide side) => ReferenceEquals(side, subject.From) ? "from" : "to";

    private sealed record Measured(double Value);
}
