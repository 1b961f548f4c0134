using SaeNotebooks.Saes;
using SaeNotebooks.Translation.Causal;
using SaeNotebooks.Translation.Discovery;

namespace SaeNotebooks.Translation.Study;

/// <summary>Recalled latents of one setting.</summary>
internal sealed record RecalledIn(Setting Setting, IReadOnlyList<LatentId> Latents);

/// <summary>The stages of a study that run the model. Each part of each stage is kept in the cache as soon as it is done.</summary>
internal sealed class StudyStages(StudySubject subject, StudyOptions options, StudyCache cache, CancellationToken cancel)
{
    private readonly Lazy<IReadOnlyList<TranslationPrompt>> _discovery =
        new(() => subject.Task.Prompts(subject.Task.Base, PromptUse.Discovery, options.DiscoverySentences, everyWording: true));

    private readonly Lazy<IReadOnlyList<TranslationPrompt>> _screening =
        new(() => [.. subject.Task.Settings.SelectMany(s => subject.Task.Prompts(s, PromptUse.Screening, options.Screening.SentencesPerSetting, everyWording: false))]);

    private readonly Lazy<IReadOnlyList<TranslationPrompt>> _test = new(() => [.. subject.Task.Settings.Where(s => s.Prompt == subject.Task.Base.Prompt && s.From == subject.Task.Base.From)
        .SelectMany(s => subject.Task.Prompts(s, PromptUse.Test, options.PromptsPerPair, everyWording: false))]);

    private object DiscoveryKey => new { options.Recall, options.DiscoverySentences };

    /// <summary>The setting of each screening prompt.</summary>
    public IReadOnlyList<Setting> ScreeningSettings => [.. _screening.Value.Select(p => p.Setting)];

    /// <summary>The prompts of generation.</summary>
    public IReadOnlyList<TranslationPrompt> Test => _test.Value;

    /// <summary>Candidates of every layer, in the base setting.</summary>
    public IReadOnlyList<LayerDiscovery> Discover()
    {
        using var progress = Progress.Start($"Discovery, {subject.Task.Base}", _discovery.Value.Count, "prompts", cancellation: cancel);
        var found = cache.Get("discovery", DiscoveryKey, () => new LatentDiscovery(subject.Model, subject.Saes, options.Recall).Run(_discovery.Value, progress.Cancellation));
        progress.Report(_discovery.Value.Count);
        return found;
    }

    /// <summary>How many latents the readings of the recall give: both rules at both sets of positions, and what the authors' code runs.</summary>
    public IReadOnlyList<RecallReading> Readings()
    {
        var paper = RecallOptions.Paper;
        (string Rule, RecallOptions Options)[] readings =
        [
            ("any of the paper's positions, at least 60 % (the paper's text)", paper),
            ("any of the paper's positions, more than 60 %", paper with { Strict = true }),
            ("one of the paper's positions, at least 60 %", paper with { Rule = RecallRule.PerPosition }),
            ("any of the code's positions, at least 60 %", paper with { Positions = PositionSet.Code }),
            ("one of the code's positions, more than 60 %", RecallOptions.Code(0) with { Top = null }),
            ("the same, the 50 strongest of each position (the code)", RecallOptions.Code(0)),
        ];
        using var progress = Progress.Start("Readings of the recall", readings.Length, "rules", cancellation: cancel);
        return cache.Get<IReadOnlyList<RecallReading>>("readings", new { readings = readings.Select(r => r.Options), options.DiscoverySentences }, () => [.. readings.Select((reading, i) =>
        {
            var counts = new LatentDiscovery(subject.Model, subject.Saes, reading.Options).Recalled(_discovery.Value, progress.Cancellation).CountBy(l => l.Layer).ToDictionary();
            progress.Report(i + 1, reading.Rule);
            return new RecallReading(reading.Rule, [.. subject.Saes.Hooks.Select(h => counts.GetValueOrDefault(h.Layer))]);
        })]);
    }

    /// <summary>The consistency of candidates' influence on the final residual stream, by layer and latent.</summary>
    public IReadOnlyDictionary<int, IReadOnlyDictionary<int, Consistency>> Downstream(IReadOnlyList<LayerDiscovery> found)
    {
        var prompts = _discovery.Value.Select(p => subject.Model.Encode(p.Text)).ToList();
        var measure = new DownstreamInfluence(subject.Model, LatentChange.Multiply(0));
        return ByLayer("Influence downstream", found, (sae, layer, progress) => cache.Get($"downstream/L{layer.Layer}", DiscoveryKey, () =>
        {
            int[] latents = [.. layer.Latents.Select(l => l.Latent)];
            return latents.Zip(measure.Of(sae, prompts, latents, progress.Cancellation)).ToDictionary(p => p.First, p => p.Second);
        })).ToDictionary(p => p.Key, p => (IReadOnlyDictionary<int, Consistency>)p.Value);
    }

    /// <summary>How often candidates fire at the last token of prompts that ask for something else, by layer and latent.</summary>
    public IReadOnlyDictionary<int, IReadOnlyDictionary<int, double>> OnOtherTasks(IReadOnlyList<LayerDiscovery> found)
    {
        using var progress = Progress.Start("Candidates on other tasks", cancellation: cancel);
        return cache.Get<IReadOnlyDictionary<int, IReadOnlyDictionary<int, double>>>("other-tasks", DiscoveryKey, () =>
        {
            var prompts = subject.Task.OtherTasks(_discovery.Value.Count).Select(p => subject.Model.Encode(p)).ToList();
            using var ends = TokenRows.Last(subject.Model, prompts, subject.Saes.Hooks, progress.Cancellation); // [hooks, prompts, d_model]
            return found.Index().ToDictionary(f => f.Item.Layer, f => subject.Saes.Use(Hooks.Hook.ResidPost(f.Item.Layer), sae =>
            {
                using var own = ends[f.Index];
                var rates = LastTokenFiring.Of(sae, own).Rates;
                return (IReadOnlyDictionary<int, double>)f.Item.Latents.ToDictionary(l => l.Latent, l => (double)rates[l.Latent]);
            }));
        });
    }

    /// <summary>Latents recalled in every setting.</summary>
    public IReadOnlyList<RecalledIn> Recur()
    {
        if (options.RecurrenceSentences == 0) return [];
        var settings = subject.Task.Settings;
        using var progress = Progress.Start("Recurrence across languages", settings.Count, "settings", cancellation: cancel);
        var discovery = new LatentDiscovery(subject.Model, subject.Saes, options.Recall);
        return cache.Get<IReadOnlyList<RecalledIn>>("recurrence", new { options.Recall, options.RecurrenceSentences }, () => [.. settings.Select((setting, i) =>
        {
            var latents = discovery.Recalled(subject.Task.Prompts(setting, PromptUse.Discovery, options.RecurrenceSentences, everyWording: true), progress.Cancellation);
            progress.Report(i + 1, setting.ToString());
            return new RecalledIn(setting, latents);
        })]);
    }

    /// <summary>Effects on the log-probability of references, of every layer.</summary>
    public IReadOnlyList<LayerScreening> Screen(IReadOnlyList<LayerDiscovery> found)
    {
        var screening = new Screening(subject.Model, _screening.Value, options.Screening, options.Seed + 1);
        return [.. ByLayer("Screening by the references' log-probability", found, (sae, layer, progress) => cache.Get($"screening/L{layer.Layer}",
            new { Discovery = DiscoveryKey, options.Screening, options.Seed }, () => screening.Run(sae, layer, null, progress.Cancellation))).Values.OrderBy(s => s.Layer)];
    }

    /// <summary>Answers to the held-out prompts, plain and with each intervention.</summary>
    public (AnswerSet Plain, IReadOnlyList<(LatentToVerify Latent, double Factor, AnswerSet Answers)> Edited) Generate(IReadOnlyList<LatentToVerify> latents) =>
        Answers("test", new { options.PromptsPerPair }, Test, latents);

    /// <summary>The same on prompts of one kind that were held out.</summary>
    public (AnswerSet Plain, IReadOnlyList<(LatentToVerify Latent, double Factor, AnswerSet Answers)> Edited) Transfer(int kind, TransferPrompts prompts, IReadOnlyList<LatentToVerify> latents) =>
        Answers($"transfer{kind}", new { options.TransferPrompts }, prompts.Prompts, latents);

    private (AnswerSet, IReadOnlyList<(LatentToVerify, double, AnswerSet)>) Answers(string folder, object key, IReadOnlyList<TranslationPrompt> prompts, IReadOnlyList<LatentToVerify> latents)
    {
        var distinct = (from l in latents from factor in options.Screening.Factors select (l.Id, factor)).Distinct().OrderBy(c => c).ToList();
        using var progress = Progress.Start($"Generating, {folder} prompts", distinct.Count + 1, "interventions", cancellation: cancel);
        AnswerSet Of(string part, Hooks.Edits? edits) => cache.Get($"{folder}/{part}", new { key, options.Screening.EveryStep },
            () => AnswerSet.Of(subject.Model, subject.Task, prompts, edits, progress.Cancellation));
        var plain = Of("plain", null);
        var edited = new Dictionary<(LatentId, double), AnswerSet>();
        foreach (var layer in distinct.GroupBy(c => c.Id.Layer))
            subject.Saes.Use(Hooks.Hook.ResidPost(layer.Key), sae =>
            {
                foreach (var (id, factor) in layer)
                {
                    edited[(id, factor)] = Of(FormattableString.Invariant($"L{id.Layer}-{id.Latent}-x{factor}"), new Intervention(id.Latent, factor).Edit(sae, options.Screening.EveryStep));
                    progress.Report(edited.Count + 1, $"{id} × {factor}");
                }
                return edited;
            });
        return (plain, [.. from l in latents from factor in options.Screening.Factors select (l, factor, edited[(l.Id, factor)])]);
    }

    private Dictionary<int, T> ByLayer<T>(string what, IReadOnlyList<LayerDiscovery> found, Func<Sae, LayerDiscovery, Progress, T> work)
    {
        using var progress = Progress.Start(what, found.Count, "layers", cancellation: cancel);
        var results = new Dictionary<int, T>();
        foreach (var layer in found)
        {
            progress.Cancellation.ThrowIfCancellationRequested();
            results[layer.Layer] = subject.Saes.Use(Hooks.Hook.ResidPost(layer.Layer), sae => work(sae, layer, progress));
            progress.Report(results.Count, $"after layer {layer.Layer}");
        }
        return results;
    }
}
