using SaeNotebooks.Saes;
using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Tasks;
using SaeNotebooks.Translation.Evaluation;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Switch;

/// <summary>Finds the latents at the last prompt token without which the model does not translate, layer by layer, and measures the best layer's.</summary>
internal sealed class LatentSearch(Examiner examiner, SwitchPrompts prompts, SwitchOptions options, CancellationToken cancel)
{
    private const double CarryingShare = 0.6;
    private readonly IReadOnlyList<Document> _discovery = prompts.Discovery();

    public SwitchReport Run(SwitchReport report, IReadOnlyList<Sae> saes, IProgress<string>? progress)
    {
        using var residuals = LastTokens.Capture(examiner.Model, Ids(_discovery), [.. saes.Select(s => s.Config.Hook)], cancel); // [saes, prompts, d_model]
        var selection = new OffTaskRate(examiner, prompts.Selection(), cancel);
        var scans = new List<LayerScan>();
        foreach (var (i, sae) in saes.Index())
        {
            progress?.Report($"latents of {sae.Config.Hook}");
            using var own = residuals[i];
            scans.Add(Scan(sae, own, selection));
        }
        var carrying = scans.Where(s => Carries(report, s.Layer)).ToList();
        var best = (carrying.Count > 0 ? carrying : scans).MaxBy(s => s.OffTaskRise.Value)!;
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
        using var effects = Effects(sae, residuals, LatentStatistics.Of(sae, residuals, _discovery));
        var drops = effects.OneByOne;
        var top = effects.Candidates.Zip(drops).OrderByDescending(c => c.Second).Take(options.Chosen).ToList();
        var latents = top.Select(c => c.First).ToList();
        return new(sae.Config.Hook.Layer, latents, top.Sum(c => c.Second), selection.Change(selection.With(LatentEffects.Ablation(sae, latents))));
    }

    private SwitchReport Measure(SwitchReport report, Sae sae, Tensor residuals)
    {
        var statistics = LatentStatistics.Of(sae, residuals, _discovery);
        var chosen = Chosen(sae, residuals, statistics);
        var latents = chosen.Select(c => c.Latent).ToList();
        var controls = MatchedControls.Draw(statistics, latents, options.ControlDraws, new Rng(options.Seed + 105));
        var measured = new LatentEffects(examiner, prompts, sae, statistics, cancel);
        return report with { Latents = chosen, Ablation = measured.Ablate(latents, controls), Amplification = measured.Amplify(latents, controls) };
    }

    private List<SwitchLatent> Chosen(Sae sae, Tensor residuals, LatentStatistics statistics)
    {
        using var effects = Effects(sae, residuals, statistics);
        var drops = effects.OneByOne;
        return
        [
            .. from c in effects.Greedy(options.Chosen).Chosen
               let j = effects.Candidates[c]
               select new SwitchLatent(j, statistics.TranslationRate[j], statistics.OtherRate[j], statistics.Norm[j], drops[c],
                   Languages.All.ToDictionary(l => l, l => (double)statistics.Mean(j, l))),
        ];
    }

    /// <summary>On the first translation prompts of the discovery set whose reference has enough tokens.</summary>
    private CausalEffects Effects(Sae sae, Tensor residuals, LatentStatistics statistics)
    {
        var answers = _discovery.Select(d => examiner.Model.Encode(d.Answer, bos: false)).ToList();
        int[] rows =
        [
            .. Enumerable.Range(0, _discovery.Count).Where(i => _discovery[i].Task == TaskKind.Translate && answers[i].Count >= options.FirstTokens)
                .Take(options.EffectPrompts),
        ];
        using var scope = NewDisposeScope();
        var own = residuals.index_select(0, tensor([.. rows.Select(r => (long)r)], device: residuals.device));
        return new(examiner.Model, sae, own, Ids([.. rows.Select(r => _discovery[r])]), [.. rows.Select(r => answers[r])],
            statistics.MoreOnTranslation(options.Candidates), options.FirstTokens, cancel);
    }

    private IReadOnlyList<IReadOnlyList<int>> Ids(IReadOnlyList<Document> documents) => [.. documents.Select(d => examiner.Model.Encode(d.Prompt))];
}
