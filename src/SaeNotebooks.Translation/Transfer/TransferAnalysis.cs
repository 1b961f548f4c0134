using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Measures;
using SaeNotebooks.Translation.Measures.Testing;

namespace SaeNotebooks.Translation.Transfer;

/// <summary>Compares what ablation cost. Effects are by latent and prompt.</summary>
/// <param name="effects">of the model's latents</param>
internal sealed class TransferAnalysis(IReadOnlyDictionary<LatentId, IReadOnlyList<float>> effects)
{
    /// <summary>The mean effect over prompts.</summary>
    public double Mean(LatentId id) => effects[id].Average(e => (double)e);

    /// <summary>A latent's effect.</summary>
    public Estimate Effect(LatentId id) => Bootstrap.Mean([.. effects[id].Select(e => (double)e)]);

    /// <summary>By prompt, a latent's effect beyond the mean of others; null without others.</summary>
    public double[]? Beyond(LatentId id, IReadOnlyList<LatentId> others) => others.Count == 0 ? null
        : [.. effects[id].Select((e, p) => e - others.Average(o => (double)effects[o][p]))];

    /// <summary>The mean over latents of their effects beyond others, paired by prompt, tested over latents. Not corrected yet.</summary>
    /// <param name="against">what the others are</param>
    /// <param name="latents">each with its others; those without any are left out</param>
    public Contrast Compare(string against, IEnumerable<(LatentId Id, IReadOnlyList<LatentId> Others)> latents)
    {
        var units = latents.Select(l => Beyond(l.Id, l.Others)).OfType<double[]>().ToList();
        if (units.Count == 0) return new(against, 0, new(double.NaN, double.NaN, double.NaN, 0), double.NaN, 1, 1);
        var byPrompt = Enumerable.Range(0, units[0].Length).Select(p => units.Average(u => u[p])).ToList();
        List<double> byLatent = [.. units.Select(u => u.Average()).Order()];
        var p = PairedTests.Wilcoxon(byLatent);
        return new(against, units.Count, Bootstrap.Mean(byPrompt), (byLatent[(byLatent.Count - 1) / 2] + byLatent[byLatent.Count / 2]) / 2, p, p);
    }

    /// <summary>Corrects every contrast of the verdicts, and every match's own test, each for all of their kind (Holm).</summary>
    public static IReadOnlyList<MatchingResult> Corrected(IReadOnlyList<MatchingResult> results)
    {
        var contrasts = new Queue<double>(MultipleTests.Holm([.. results.SelectMany(r => (double[])[r.OverPeers.P, r.OverControls.P])]));
        var matches = new Queue<double>(MultipleTests.Holm([.. results.SelectMany(r => r.Latents).Select(l => l.P).OfType<double>()]));
        return [.. results.Select(r => r with
        {
            OverPeers = r.OverPeers with { Holm = contrasts.Dequeue() },
            OverControls = r.OverControls with { Holm = contrasts.Dequeue() },
            Latents = [.. r.Latents.Select(l => l.P is null ? l : l with { Holm = matches.Dequeue() })],
        })];
    }
}
