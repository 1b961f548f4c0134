using System.Globalization;
using SaeNotebooks.Figures;
using SaeNotebooks.Translation.Causal;
using SaeNotebooks.Translation.Measures;

namespace SaeNotebooks.Translation.Study;

/// <summary>The charts of a study's report.</summary>
public static class StudyFigures
{
    /// <summary>All charts, in the order of the stages; those without data are left out.</summary>
    public static IReadOnlyList<Figure> Of(StudyReport report) =>
    [
        Density(report),
        .. report.Candidates.Count > 0 ? new[] { Rho(report) } : [],
        .. report.Screened.Count > 0 ? new[] { FirstOrder(report) } : [],
        .. report.Recurrent.Count > 0 ? new[] { Languages(report) } : [],
        .. report.Verified.Any(v => v.Latent.Group == VerifiedGroup.Best) ? new[] { Best(report) } : [],
        .. report.RhoBins.Count > 0 ? new[] { Bins(report) } : [],
    ];

    private static Figure Density(StudyReport report) => Chart.Bar($"{report.Candidates.Count} latents are recalled, {report.Layers.Sum(l => l.High)} of them with ρ > 0.95", "layer", "latents",
        report.Layers.Select(l => l.Layer.ToString(CultureInfo.InvariantCulture)), ("ρ < 0.5", report.Layers.Select(l => l.Low).ToArray()),
        ("0.5 to 0.95", report.Layers.Select(l => l.Middle).ToArray()), ("ρ > 0.95", report.Layers.Select(l => l.High).ToArray())).WithLayout("barmode", "stack").WithLayout("xaxis.type", "category");

    private static Figure Rho(StudyReport report)
    {
        var rates = Values.Of(report.Candidates.Select(c => c.Found.LastRate));
        var names = report.Candidates.Select(c => c.Id.ToString()).ToArray();
        return Chart.Scatter("At its own layer ρ is the firing rate; downstream it is not", "share of prompts at whose last token the latent fires", "ρ",
            new Points("own layer", rates, Values.Of(report.Candidates.Select(c => c.Found.Consistency.Rho)), names),
            new Points("final residual stream", rates, Values.Of(report.Candidates.Select(c => c.Downstream.Rho)), names));
    }

    private static Figure FirstOrder(StudyReport report)
    {
        var ablated = report.Screened.Where(s => s.Factor == 0).ToList();
        Points Cloud(string name, Func<ScreenedLatent, bool> wanted) => new(name, Values.Of(ablated.Where(wanted).Select(s => s.FirstOrder)), Values.Of(ablated.Where(wanted).Select(s => s.Effect.Value)),
            [.. ablated.Where(wanted).Select(s => s.Id.ToString())]);
        return Chart.Scatter($"First-order and exact effects of ablation: rank correlation {report.FirstOrder[^1].RankCorrelation.ToString("0.00", CultureInfo.InvariantCulture)}",
            "first order, log-odds per token", "exact, nats per token", Cloud("recalled", s => s.Recalled), Cloud("not recalled", s => !s.Recalled));
    }

    private static Figure Languages(StudyReport report)
    {
        var latents = report.Recurrent.OrderByDescending(r => r.Share).Take(20).ToList();
        return Chart.Heatmap($"{report.Recurrent.Count(r => r.IsConsistent)} of {report.Recurrent.Count} recurrent latents matter in every language", "language by role", "ablated latent",
            Grid.Of(latents.Select(l => l.Effects.Select(e => e.Effect.Value))), latents.Select(l => l.Recurrence.Id.ToString()), latents[0].Effects.Select(e => $"{e.Role} {e.Language}"),
            scale: Scale.Diverging, valueTitle: "nats per token").WithSize(null, 160 + 24 * latents.Count);
    }

    private static Figure Best(StudyReport report)
    {
        var best = report.Verified.Where(v => v.Latent.Group == VerifiedGroup.Best && v.Factor == 0).OrderBy(v => v.Quality.Value).ToList();
        Estimate? ControlOf(VerifiedLatent latent) => report.Verified.FirstOrDefault(v => v.Latent.ControlOf == latent.Latent.Id && v.Factor == 0)?.Quality;
        return Chart.Bar($"{best.Count(b => b.Holm < 0.05)} of {best.Count} latents change generations significantly when ablated", "ablated latent", $"change of quality ({report.QualityName})",
            best.Select(b => b.Latent.Id.ToString()), ("latent", best.Select(b => b.Quality.Value).ToArray()), ("matched random latent", best.Select(b => ControlOf(b)?.Value ?? double.NaN).ToArray()))
            .WithErrorBars(0, HalfWidths(best.Select(b => b.Quality)));
    }

    private static Figure Bins(StudyReport report)
    {
        double[] factors = [.. report.RhoBins.Select(b => b.Factor).Distinct().Order()];
        RhoBin[] bins = [.. report.RhoBins.Select(b => b.Bin).Distinct().Order()];
        double[] Of(double factor) => [.. bins.Select(bin => report.RhoBins.FirstOrDefault(b => b.Bin == bin && b.Factor == factor)?.Quality.Value ?? double.NaN)];
        return Chart.Bar("Effect on generations by group of ρ", "ρ", $"change of quality ({report.QualityName})", bins.Select(b => b.ToString()),
            [.. factors.Select(f => (Series)($"× {f.ToString(CultureInfo.InvariantCulture)}", Of(f)))]);
    }

    private static Values HalfWidths(IEnumerable<Estimate> estimates) => Values.Of(estimates.Select(e => (e.High - e.Low) / 2));
}
