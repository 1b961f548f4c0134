using SaeNotebooks.Saes;
using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Tasks;
using SaeNotebooks.Translation.Causal;
using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Evaluation;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Switch;

/// <summary>Finds the latents at the last prompt token without which the model does not translate and with which it does, layer by layer, and measures the best layer's.</summary>
internal sealed class LatentSearch(Examiner examiner, SwitchPrompts prompts, SwitchOptions options, CancellationToken cancel)
{
    private const double CarryingShare = 0.6;
    private readonly IReadOnlyList<Document> _discovery = prompts.Discovery();
    private readonly Insertion _insertion = new(examiner, prompts.Selection(), prompts.Receivers(prompts.Selection(), part: 1), cancel);

    public SwitchReport Run(SwitchReport report, IReadOnlyList<Sae> saes, IProgress<string>? progress)
    {
        using var residuals = TokenRows.Last(examiner.Model, Ids(_discovery), [.. saes.Select(s => s.Config.Hook)], cancel); // [saes, prompts, d_model]
        var selection = new OffTaskRate(examiner, prompts.Selection(), cancel);
        var scans = new List<LayerScan>();
        foreach (var (i, sae) in saes.Index())
        {
            progress?.Report($"latents of {sae.Config.Hook}");
            using var own = residuals[i];
            scans.Add(Scan(sae, own, selection));
        }
        var carrying = scans.Where(s => Carries(report, s.Layer)).ToList();
        var best = (carrying.Count > 0 ? carrying : scans).MaxBy(s => s.OffTaskRise.Value + s.Flipped.Value)!;
        progress?.Report($"choosing and testing latents of layer {best.Layer}");
        var at = scans.IndexOf(best);
        using var chosen = residuals[at];
        return Measure(report with { Layers = scans }, saes[at], chosen);
    }

    /// <summary>Whether patching the last token after a layer brings a translation in most cases: elsewhere latents cannot be the switch.</summary>
    private static bool Carries(SwitchReport report, int layer) =>
        report.Patching.Any(p => p.Layer == layer && p.Donor == TaskKind.Translate && p.Flipped.Value >= CarryingShare);

    private LayerScan Scan(Sae sae, Tensor residuals, OffTaskRate selection)
    {
        var statistics = PromptEndStatistics.Of(sae, residuals, _discovery);
        using var effects = Effects(sae, residuals, statistics);
        var top = effects.Candidates.Zip(effects.OneByOne).OrderByDescending(c => c.Second).Take(options.Chosen).ToList();
        var latents = top.Select(c => c.First).ToList();
        return new(sae.Config.Hook.Layer, latents, top.Sum(c => c.Second), selection.Change(selection.With(LatentEffects.Ablation(sae, latents))),
            _insertion.Flipped(sae, statistics, latents));
    }

    private SwitchReport Measure(SwitchReport report, Sae sae, Tensor residuals)
    {
        var statistics = PromptEndStatistics.Of(sae, residuals, _discovery);
        var chosen = Chosen(sae, residuals, statistics);
        var latents = chosen.Select(c => c.Latent).ToList();
        var controls = MatchedControls.Draw(statistics.Translation.Rates, statistics.Translation.Norms, latents, options.ControlDraws, new Rng(options.Seed + 105));
        var measured = new LatentEffects(examiner, prompts, sae, statistics, cancel);
        return report with { Latents = chosen, Ablation = measured.Ablate(latents, controls), Insertion = measured.Insert(latents, controls), Amplification = measured.Amplify(latents, controls) };
    }

    private List<SwitchLatent> Chosen(Sae sae, Tensor residuals, PromptEndStatistics statistics)
    {
        using var effects = Effects(sae, residuals, statistics);
        var alone = effects.OneByOne;
        return
        [
            .. from c in effects.Greedy(options.Chosen).Chosen
               let j = effects.Candidates[c]
               select new SwitchLatent(j, statistics.Translation.Rates[j], statistics.Other.Rates[j], statistics.Translation.Norms[j], alone[c],
                   Languages.All.ToDictionary(l => l, l => (double)statistics.Mean(j, l))),
        ];
    }

    /// <summary>On the first translation prompts of the discovery set whose reference has enough tokens, and on other prompts about the same sentences.</summary>
    private CausalEffects Effects(Sae sae, Tensor residuals, PromptEndStatistics statistics)
    {
        using var scope = NewDisposeScope();
        var candidates = statistics.MoreOnTranslation(options.Candidates);
        var donors = _discovery.Index().Where(d => d.Item.Task == TaskKind.Translate && Answer(d.Item).Count >= options.FirstTokens).Take(options.EffectPrompts).ToList();
        var receivers = prompts.Receivers([.. donors.Select(d => d.Item)], part: 0);
        var own = residuals.index_select(0, tensor([.. donors.Select(d => (long)d.Index)], device: residuals.device));
        using var latents = sae.Encode(own);
        var ablated = candidates.Select(j => latents[j]).ToList(); // [candidates][prompts]
        var raised = Raising.Moves(examiner.Model, sae, statistics, [.. receivers.Zip(donors, (r, d) => (r, d.Item.Target))], candidates, 1, cancel);
        var raisedRows = raised.cpu().data<float>().ToArray().Chunk(candidates.Count).ToList();
        var weight = 1.0 / donors.Count;
        return new(examiner.Model, sae,
        [
            .. donors.Select((d, i) => new EffectCase(Prompt(d.Item), Answer(d.Item), [.. ablated.Select(a => -a[i])], -weight)),
            .. donors.Select((d, i) => new EffectCase(Prompt(receivers[i]), Answer(d.Item), raisedRows[i], weight)),
        ], candidates, options.FirstTokens, cancel);
    }

    private IReadOnlyList<int> Prompt(Document document) => examiner.Model.Encode(document.Prompt);

    private IReadOnlyList<int> Answer(Document document) => examiner.Model.Encode(document.Answer, bos: false);

    private IReadOnlyList<IReadOnlyList<int>> Ids(IReadOnlyList<Document> documents) => [.. documents.Select(Prompt)];
}
