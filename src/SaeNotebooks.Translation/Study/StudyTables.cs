using SaeNotebooks.Translation.Causal;
using SaeNotebooks.Translation.Measures;

namespace SaeNotebooks.Translation.Study;

/// <summary>The tables of a study's report, some shaped like the paper's and set beside its figures.</summary>
public static class StudyTables
{
    /// <summary>All tables, in the order of the stages.</summary>
    public static IReadOnlyList<StudyTable> Of(StudyReport report, Literature literature) =>
    [
        Discovery(report, literature), Readings(report), Layers(report), Candidates(report), Fit(report), Screened(report),
        .. report.Recurrent.Count > 0 ? new[] { Recurrent(report) } : [],
        Amplification(report, literature), Measured(report, literature), Verified(report), .. ByPair(report), Bins(report, literature),
        .. report.Transfer.Count > 0 ? new[] { Transfer(report) } : [],
        Power(report), .. report.Landmarks.Count > 0 ? new[] { Landmarks(report) } : [],
    ];

    private static StudyTable Discovery(StudyReport report, Literature literature) => new("discovery", "Candidates",
        $"Sentences in each wording; ρ > 0.95 is called consistent. Samples that have the watched positions: {string.Join(", ", report.PositionSamples.Select(p => $"{p.Key} {p.Value}"))}. The paper's rows are {literature.Mark}.",
        ["Model", "sentences", "recalled", "ρ > 0.95", "median ρ"],
        [
            [report.Model, report.Options.DiscoverySentences, report.Candidates.Count, report.Layers.Sum(l => l.High), Median(report.Candidates.Select(c => c.Found.Consistency.Rho))],
            .. literature.Discovery.Select(d => (object?[])[$"{d.Model} (paper)", d.Samples, d.Recalled, d.Consistent, $"< {literature.MedianRhoBelow.ToString(System.Globalization.CultureInfo.InvariantCulture)}"]),
        ]);

    private static StudyTable Readings(StudyReport report) => new("readings", "Readings of the recall",
        "Latents recalled on the same prompts by the paper's text and by the authors' code, and in between. The code's positions are the token before the source, the language's name and the end of the reference, which the prompt then includes; the paper's are the end of the source, the language's name and the end of the prompt.",
        ["Active at", "all", .. report.Layers.Select(l => $"layer {l.Layer}")], [.. report.Readings.Select(r => (object?[])[r.Rule, r.ByLayer.Sum(), .. r.ByLayer.Cast<object?>()])]);

    private static StudyTable Measured(StudyReport report, Literature literature) => new("measures", "Generations in the measures of the field",
        $"BLEU, chrF and chrF++ as sacreBLEU computes them, against the one reference, and the share of exact answers; BLEU's tokens by those of the reference, the share of 4-grams that repeat an earlier one, and the share of answers that begin by announcing a translation, which the paper finds to rise with amplification ({Framing(literature)}; {literature.Mark}). Unedited first, then the best latents.",
        ["Pair", "latent", "factor", "BLEU", "chrF", "chrF++", "exact", "off task", "length ratio", "repeated 4-grams", "framed"],
        [.. report.Measured.Select(m => (object?[])[m.Pair, m.Id, m.Factor, m.Bleu, m.ChrF, m.ChrFPlusPlus, m.Exact, m.OffTask, m.LengthRatio, m.Repeated, m.Framed])]);

    private static string Framing(Literature literature) => string.Join(", ", literature.Framing.Select(f => FormattableString.Invariant($"{f.Pair} {f.Unedited} % to {f.Amplified} %")));

    private static StudyTable Layers(StudyReport report) => new("layers", "Recalled latents by layer", "Per thousand of the SAE's latents, and by group of ρ.",
        ["Layer", "recalled", "per thousand", "ρ < 0.5", "0.5 to 0.95", "ρ > 0.95"],
        [.. report.Layers.Select(l => (object?[])[l.Layer, l.Recalled, 1000.0 * l.Recalled / l.Width, l.Low, l.Middle, l.High])]);

    private static StudyTable Candidates(StudyReport report) => new("candidates", "Consistency is the firing rate",
        "At a latent's own layer all influences are multiples of one direction, so ρ is the share of prompts at whose last token it fires. Downstream, at the final residual stream, it is not: see the last three columns. The rate on other tasks is that at the last token of prompts in the same frame that ask for something else: where it is as high, the latent answers to the frame and not to the task.",
        ["Latent", "recall share", "mean", "rate at the last token", "rate on other tasks", "ρ", "cosine", "R", "settings", "ρ downstream", "cosine downstream", "R downstream"],
        [
            .. report.Candidates.OrderByDescending(c => c.Found.Consistency.Rho).ThenBy(c => c.Id).Select(c => (object?[])
            [
                c.Id, c.Found.Share, c.Found.Mean, c.Found.LastRate, c.OtherRate, c.Found.Consistency.Rho, c.Found.Consistency.Cosine, c.Found.Consistency.Resultant, c.Settings,
                c.Downstream.Rho, c.Downstream.Cosine, c.Downstream.Resultant,
            ]),
        ]);

    private static StudyTable Fit(StudyReport report) => new("first-order", "First-order effects against exact ones",
        "Over candidates, latents found by the estimate, and controls: the mean effect of ablation, estimated in log-odds by a gradient at the unedited point, against the exact one in log-probability. A whole latent taken out is no small step, so the ranking goes by the exact effects.", ["Layer", "latents", "correlation", "rank correlation"],
        [.. report.FirstOrder.Select(f => (object?[])[f.Layer is { } layer ? layer : "all", f.Latents, f.Correlation, f.RankCorrelation])]);

    private static StudyTable Screened(StudyReport report) => new("screening", "Screening by the log-probability of references",
        "Change in nats per token, exact, against the unedited run and beyond matched random latents (same firing rate and norm), paired by prompt; 95 % bootstrap intervals. Wilcoxon's test of the latter, corrected for all latents and factors. Ablation first, the largest losses first.",
        ["Latent", "factor", "recalled", "ρ group", "change", "beyond controls", "p", "Holm", "Benjamini–Hochberg", "first order"],
        [.. report.Screened.Select(s => (object?[])[s.Id, s.Factor, s.Recalled, s.Bin, s.Effect, s.BeyondControls, s.P, s.Holm, s.FalseDiscovery, s.FirstOrder])]);

    private static StudyTable Recurrent(StudyReport report)
    {
        var elsewhere = report.Candidates.ToDictionary(c => c.Id, c => c.OtherRate);
        string[] columns = [.. report.Recurrent[0].Effects.Select(e => $"{e.Role} {e.Language}")];
        return new("recurrence", "Latents that recur, and what their ablation costs by language",
            $"Recalled in at least 80 % of {report.Settings} settings (language of prompt × source × target). Mean change of the log-probability by language in each role, nats per token; * significant by Wilcoxon's test after Holm's correction over the whole table. Consistent: significant losses everywhere.",
            ["Latent", "settings", "consistent", "rate on other tasks", .. columns],
            [
                .. report.Recurrent.OrderByDescending(r => r.Share).Select(r => (object?[])
                    [r.Recurrence.Id, r.Recurrence.Settings, r.IsConsistent, elsewhere.GetValueOrDefault(r.Recurrence.Id), .. r.Effects.Select(e => FormattableString.Invariant($"{e.Effect.Value:0.000}{(e.Holm < 0.05 ? "*" : "")}"))]),
            ]);
    }

    /// <summary>The paper's main table: unedited, and with each of the two latents that help most when amplified.</summary>
    private static StudyTable Amplification(StudyReport report, Literature literature)
    {
        var best = report.Verified.Where(v => v.Latent.Group == VerifiedGroup.Best && v.Factor > 1).OrderByDescending(v => v.Quality.Value).Take(2).ToList();
        string Cell(double quality, double offTask) => FormattableString.Invariant($"{quality:0.00} / {100 * offTask:0.00}");
        return new("amplification", $"Quality and off-task rate in percent, amplifying one latent",
            $"Here: {report.QualityName}; the two of the best latents whose amplification raises quality most{string.Concat(best.Select(b => FormattableString.Invariant($", {b.Latent.Id} × {b.Factor}")))}, chosen on these very prompts, which flatters them. The paper's: COMET and hallucination rate ({literature.Mark}).",
            ["Pair", "unedited", "first latent", "second latent"],
            [
                .. report.Plain.ByPair.Select(p => (object?[])[p.Key, Cell(p.Value.Quality.Value, p.Value.OffTask.Value), .. Enumerable.Range(0, 2).Select(i => i >= best.Count ? null
                    : Cell(p.Value.Quality.Value + best[i].QualityByPair[p.Key].Value, p.Value.OffTask.Value + best[i].OffTaskByPair[p.Key].Value))]),
                .. literature.Amplification.Select(a => (object?[])[$"{a.Pair} (paper)", .. a.Comet.Zip(a.Hallucination, (comet, rate) => Cell(comet, rate / 100))]),
            ]);
    }

    private static StudyTable Verified(StudyReport report) => new("verification", "Generation with one latent multiplied",
        $"Change of the off-task rate (share) and of the quality ({report.QualityName}, points) on {report.Power.Cases} held-out prompts, paired with the unedited run; {report.Plain.OffTask.Percent} are off task unedited. McNemar's and sign-flip tests; the smaller, doubled, is corrected for all {report.Power.Tests} latents and factors.",
        ["Latent", "group", "ρ group", "factor", "off task", "quality", "quality beyond its control", "p off task", "p quality", "Holm", "Benjamini–Hochberg"],
        [.. report.Verified.OrderBy(v => v.Latent.Group).ThenBy(v => v.Factor).ThenBy(v => v.Quality.Value).Select(v => (object?[])
            [v.Latent.Id, v.Latent.Group, v.Latent.Bin, v.Factor, v.OffTask, v.Quality, v.QualityBeyondControl, v.POffTask, v.PQuality, v.Holm, v.FalseDiscovery])]) { Shown = 100 };

    private static IEnumerable<StudyTable> ByPair(StudyReport report)
    {
        StudyTable Grouped(string name, string title, Func<VerifiedLatent, IReadOnlyDictionary<string, Estimate>> by)
        {
            string[] keys = [.. report.Verified.SelectMany(v => by(v).Keys).Distinct()];
            return new(name, title, "Change of the quality, points, with 95 % intervals.", ["Latent", "factor", .. keys],
                [.. report.Verified.Where(v => v.Latent.Group == VerifiedGroup.Best).OrderBy(v => v.Factor).ThenBy(v => v.Quality.Value)
                    .Select(v => (object?[])[v.Latent.Id, v.Factor, .. keys.Select(k => by(v).GetValueOrDefault(k))])]);
        }
        yield return Grouped("by-pair", "The best latents by language pair", v => v.QualityByPair);
        yield return Grouped("by-wording", "The best latents by wording", v => v.QualityByWording);
    }

    private static StudyTable Bins(StudyReport report, Literature literature) => new("rho-groups", "Effect by group of ρ",
        $"Recalled latents drawn from each group whatever their effect, averaged over latents; intervals over prompts. The paper's words are {literature.Mark}.",
        ["ρ", "factor", "latents", "off task", "quality", "paper"],
        [.. report.RhoBins.Select(b => (object?[])[b.Bin, b.Factor, b.Latents, b.OffTask, b.Quality, b.Factor == 0 ? literature.RhoBins.FirstOrDefault(r => r.Bin == b.Bin.ToString())?.Text : null])]);

    private static StudyTable Transfer(StudyReport report) => new("transfer", "On languages and wordings that training held out",
        "The latents of the best whose ablation costs most quality in generation, on prompts that played no part in finding them.",
        ["Prompts", "latent", "factor", "off task unedited", "off task", "quality", "quality beyond its control"],
        [.. report.Transfer.Select(t => (object?[])[t.Prompts, t.Id, t.Factor, t.Before, t.OffTask, t.Quality, t.QualityBeyondControl])]);

    private static StudyTable Power(StudyReport report) => new("power", "What the test of generation could have found",
        "Smallest change of the off-task rate (share) found in 80 % of studies by McNemar's test at 5 %, if random latents change so many prompts against the trend.",
        ["Prompts", "tests", "noise", "one test", "corrected for all tests"],
        [[report.Power.Cases, report.Power.Tests, report.Power.Noise, report.Power.Single, report.Power.Corrected]]);

    private static StudyTable Landmarks(StudyReport report) => new("landmarks", "Latents of the literature", "What is said of them, and what is found here.",
        ["Latent", "expectation", "source", "rate at the last token", "recalled", "ablation, nats per token", "rank in screening"],
        [.. report.Landmarks.Select(l => (object?[])[new Discovery.LatentId(l.Landmark.Hook.Layer, l.Landmark.Latent), l.Landmark.Expectation, l.Landmark.Source, l.LastRate, l.Recalled, l.Ablation, l.Rank])]);

    private static double Median(IEnumerable<double> values) => values.Order().ToList() is { Count: > 0 } sorted ? sorted[sorted.Count / 2] : double.NaN;
}
