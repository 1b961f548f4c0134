using SaeNotebooks.Display;
using SaeNotebooks.Features.Interpretation;
using SaeNotebooks.Features.Neuronpedia;
using SaeNotebooks.Models;
using static TorchSharp.torch;

namespace SaeNotebooks.Features.Dashboards;

/// <summary>Makes the dashboard of a latent out of its index.</summary>
internal static class LatentDashboard
{
    public static Dashboard Of(SaeIndex index, int latent, DashboardOptions options)
    {
        if (options.Labels is null) options = options with { Labels = LatentLabels.Find(index) };
        var report = index.Report(latent, options.Report);
        return new()
        {
            Title = $"Latent {latent}",
            Where = WhereOf(index),
            Latent = latent,
            Label = options.Labels?[latent],
            Page = (options.NeuronpediaSource ?? index.Sae?.Config.NeuronpediaId) is { } source ? NeuronpediaPages.Of(source, latent) : null,
            Notice = report.Statistics.NeverFires
                ? $"This latent never fires on these {index.Corpus.Counted:N0} tokens, so there are no examples. Its encoder bias is {Html.Number(report.Statistics.Bias)}; below are the latents whose directions are nearest to its own."
                : null,
            Facts = [.. Facts(report.Statistics), new("tokens", $"{index.Corpus.Counted:N0}", index.Index.Header.Corpus)],
            Histograms = [.. Histograms(index, report, options)],
            Logits = report.Logits,
            Groups = report.Statistics.NeverFires ? [] : [.. Groups(report)],
            Tokens = report.Statistics.NeverFires ? [] : report.TokensByRate,
            Profile = report.Statistics.NeverFires ? [] : report.Profile,
            Neighbours = [.. Neighbours(report, options)],
            Folded = options.Folded,
        };
    }

    public static string WhereOf(SaeIndex index) => $"{index.Index.Header.Saes.First(s => s.Name == index.Name).Architecture} SAE at {index.Hook} of {index.Index.Header.Model} · {index.Width:N0} latents";

    private static IReadOnlyList<DashboardFact> Facts(LatentStatistics s) => s.NeverFires
        ? [new("fires on", "0 %", "no token of the corpus"), new("encoder bias", Html.Number(s.Bias))]
        :
        [
            new("fires on", Percent(s.Rate), $"{s.Fires:N0} tokens"), new("max", Html.Number(s.Max), "strongest activation"),
            new("mean", Html.Number(s.Mean), "where it fires"), new("median", Html.Number(s.Quantiles.Half), "where it fires"),
            new("encoder bias", Html.Number(s.Bias)),
        ];

    private static IEnumerable<DashboardHistogram> Histograms(SaeIndex index, LatentReport report, DashboardOptions options)
    {
        var h = report.Histogram;
        if (!report.Statistics.NeverFires)
            yield return new($"Activations: {Percent(report.Statistics.Rate)} of tokens", "activation where it fires", h.From, h.To, [.. h.Counts.Select(c => (double)c)]);
        if (LogitHistogram(index, report.Latent, options.Bins) is { } logits) yield return logits;
    }

    /// <summary>What a latent adds to the logits of all tokens; null without the weights, or if it does not write to the residual stream.</summary>
    public static DashboardHistogram? LogitHistogram(SaeIndex index, int latent, int bins)
    {
        if (index is not { Sae: { } sae, Model: { } model } || sae.OutputWidth != model.Config.DModel) return null;
        using var direction = sae.Direction(latent);
        return LogitHistogram(model, direction, bins);
    }

    /// <summary>What a direction adds to the logits of all tokens.</summary>
    public static DashboardHistogram LogitHistogram(HookedTransformer model, Tensor direction, int bins)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var logits = LogitWeights.Project(model, direction.unsqueeze(0)).squeeze(0).cpu(); // [vocab]
        var (low, high) = (logits.min().item<float>(), logits.max().item<float>());
        if (high <= low) (low, high) = (low - 0.5f, low + 0.5f);
        var counts = new double[bins];
        foreach (var logit in logits.data<float>()) counts[Math.Min(bins - 1, (int)(bins * (logit - low) / (high - low)))]++;
        return new($"Logit weights of {logits.shape[0]:N0} output tokens", "logits per unit of activation", low, high, counts) { IsOfLogits = true };
    }

    private static IEnumerable<ExampleGroup> Groups(LatentReport report)
    {
        yield return new("Strongest", "at most one of each text", report.Top);
        foreach (var band in report.Intervals.Where(b => b.Count > 0))
            yield return new($"Activation {Html.Number(band.From)} to {Html.Number(band.To)}", $"{Percent(band.Share)} of its firing, drawn at random", band.Examples);
    }

    private static IEnumerable<NeighbourGroup> Neighbours(LatentReport report, DashboardOptions options)
    {
        Neighbour Of(int latent, double value) => new(latent, value, options.Labels?[latent]?.Text);
        if (report.CoActive.Count > 0)
            yield return new("Fire together", "correlation of activations", [.. report.CoActive.Select(p => Of(p.Latent, p.Correlation))]);
        if (report.Nearest.Count > 0)
            yield return new("Nearest directions", "cosine of decoder rows", [.. report.Nearest.Select(n => Of(n.Latent, n.Cosine))]);
    }

    /// <summary>A share in percent, with two significant digits where it is small.</summary>
    public static string Percent(double share) =>
        share > 0 && share < 0.0995 ? $"{Html.Number(Math.Round(100 * share, share < 0.001 ? 4 : share < 0.00995 ? 3 : 2))} %" : FormattableString.Invariant($"{100 * share:0.0} %");
}
