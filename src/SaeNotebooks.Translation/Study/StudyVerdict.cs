using System.Globalization;
using SaeNotebooks.Translation.Causal;

namespace SaeNotebooks.Translation.Study;

/// <summary>What the figures of a study come to, in sentences that follow from them.</summary>
public static class StudyVerdict
{
    /// <summary>One finding each.</summary>
    public static IReadOnlyList<string> Of(StudyReport report) =>
    [
        Rho(report), .. Framing(report), Screening(report), .. Recurrence(report), Generation(report), .. Amplification(report), .. Bins(report), .. Transfer(report), Power(report), .. report.Landmarks.Select(Landmark),
    ];

    private static string Rho(StudyReport report)
    {
        var gap = report.Candidates.Select(c => Math.Abs(c.Found.Consistency.Rho - c.Found.LastRate)).DefaultIfEmpty(0).Max();
        return Text($"{report.Candidates.Count} latents are recalled in {report.Base}, {report.Layers.Sum(l => l.High)} with ρ > 0.95. At its own layer ρ is the firing rate at the last prompt token: over all of them the two differ by {gap:0.0000} at most.");
    }

    private static IEnumerable<string> Framing(StudyReport report)
    {
        var consistent = report.Candidates.Where(c => c.Found.Consistency.Rho > 0.95 && c.IsFraming is not null).ToList();
        if (consistent.Count > 0)
            yield return Text($"{consistent.Count(c => c.IsFraming == true)} of the {consistent.Count} latents with ρ > 0.95 fire at least half as often at the end of prompts in the same frame that ask for something else; ρ does not tell them from latents of the task.");
    }

    private static string Screening(StudyReport report)
    {
        var ablated = report.Screened.Where(s => s.Factor == 0).ToList();
        int Lost(IEnumerable<ScreenedLatent> some) => some.Count(s => s.BeyondControls.Value < 0 && s.Holm < 0.05);
        return Text($"Ablated one by one, {Lost(ablated.Where(s => s.Recalled))} of {ablated.Count(s => s.Recalled)} recalled latents cost more log-probability of the references than matched random ones (Holm), and {Lost(ablated.Where(s => !s.Recalled))} of {ablated.Count(s => !s.Recalled)} that the recall had missed.");
    }

    private static IEnumerable<string> Recurrence(StudyReport report)
    {
        if (report.Settings == 0) yield break;
        yield return Text($"{report.Recurrent.Count} of the screened latents recur in at least 80 % of {report.Settings} settings; {report.Recurrent.Count(r => r.IsConsistent)} of these cost log-probability significantly in every language of prompt, source and target.");
    }

    private static string Generation(StudyReport report)
    {
        var best = report.Verified.Where(v => v.Latent.Group == VerifiedGroup.Best && v.Factor == 0).ToList();
        var worse = best.Where(v => v.Quality.Value < 0 && v.Holm < 0.05).ToList();
        var strongest = best.MinBy(v => v.Quality.Value);
        return Text($"In generation, ablating {worse.Count} of the {best.Count} best latents lowers quality significantly after correction for {report.Power.Tests} tests")
            + (strongest is null ? "." : Text($"; the strongest, {strongest.Latent.Id}, by {-strongest.Quality.Value:0.0} points and {100 * strongest.OffTask.Value:+0.0;−0.0;0.0} points of off-task rate."));
    }

    private static IEnumerable<string> Amplification(StudyReport report)
    {
        var amplified = report.Verified.Where(v => v.Latent.Group == VerifiedGroup.Best && v.Factor > 1).ToList();
        if (amplified.Count == 0) yield break;
        var better = amplified.Count(v => (v.Quality.Value > 0 || v.OffTask.Value < 0) && v.Holm < 0.05);
        yield return Text($"Amplified, {better} of {amplified.Count} of them make generations better significantly, {amplified.Count(v => v.Quality.Value < 0 && v.Holm < 0.05)} worse; without any intervention {report.Plain.OffTask.Percent} of the answers are off task.");
    }

    private static IEnumerable<string> Bins(StudyReport report)
    {
        var ablated = report.RhoBins.Where(b => b.Factor == 0).ToList();
        if (ablated.Count == 0) yield break;
        yield return $"By group of ρ, latents drawn whatever their effect, ablation changes quality by {string.Join(", ", ablated.Select(b => Text($"{b.Quality.Value:+0.0;−0.0;0.0} [{b.Quality.Low:0.0}, {b.Quality.High:0.0}] ({b.Bin.ToString().ToLowerInvariant()})")))} points.";
    }

    private static IEnumerable<string> Transfer(StudyReport report) =>
        from kind in report.Transfer.GroupBy(t => t.Prompts)
        let ablated = kind.Where(t => t.Factor == 0).ToList()
        where ablated.Count > 0
        select Text($"On {kind.Key}, ablation lowers quality beyond the random latent, by the interval, for {ablated.Count(t => t.QualityBeyondControl?.High < 0)} of {ablated.Count} latents.");

    private static string Power(StudyReport report) =>
        Text($"With {report.Power.Cases} prompts, a change of the off-task rate of {100 * report.Power.Single:0.0} points is found by one test in 80 % of studies")
            + (double.IsNaN(report.Power.Corrected) ? ", and none after correction." : Text($", one of {100 * report.Power.Corrected:0.0} points after correction."));

    private static string Landmark(LandmarkCheck check)
    {
        var name = $"L{check.Landmark.Hook.Layer} #{check.Landmark.Latent}";
        return check.LastRate is not { } rate ? $"{name} of the literature: no SAE of its layer and width was part of this study."
            : Text($"{name} of the literature fires at the last token of {100 * rate:0} % of the prompts, is {(check.Recalled ? "" : "not ")}recalled")
                + (check.Rank is { } rank ? Text($", and is number {rank} by the cost of its ablation ({check.Ablation!.Value:+0.000;−0.000;0.000} nats per token).") : ", and was not screened.");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
