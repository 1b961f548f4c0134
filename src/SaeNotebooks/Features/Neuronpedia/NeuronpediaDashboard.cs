using SaeNotebooks.Display;
using SaeNotebooks.Features.Dashboards;
using SaeNotebooks.Features.Interpretation;
using SaeNotebooks.Models;

namespace SaeNotebooks.Features.Neuronpedia;

/// <summary>Shows a record of Neuronpedia as a dashboard, without a network and without the SAE.</summary>
public static class NeuronpediaDashboard
{
    /// <summary>The dashboard of a record, as far as the record goes.</summary>
    public static Dashboard Of(NeuronpediaRecord record) => new()
    {
        Title = record.VectorLabel ?? $"Latent {record.Index}",
        Where = $"{record.ModelId}/{record.Layer}{(record.HookName is { } hook ? $" at {hook}" : "")} · a record of Neuronpedia",
        Latent = record.Index,
        Label = record.Explanations is [var first, ..] ? new LatentLabel(record.Index, first.Description, first.ExplanationModelName ?? "Neuronpedia", 0, []) : null,
        Page = NeuronpediaPages.Of($"{record.ModelId}/{record.Layer}", record.Index),
        Facts = [new("fires on", LatentDashboard.Percent(record.FracNonzero)), .. record.MaxActApprox is { } max ? [new("max", Html.Number(max), "strongest activation seen")] : Array.Empty<DashboardFact>()],
        Histograms =
        [
            .. Histogram($"Activations: {LatentDashboard.Percent(record.FracNonzero)} of tokens", "activation where it fires", record.FreqHistDataBarValues, record.FreqHistDataBarHeights, isOfLogits: false),
            .. Histogram("Logit weights of output tokens", "logits per unit of activation", record.LogitsHistDataBarValues, record.LogitsHistDataBarHeights, isOfLogits: true),
        ],
        Logits = record.PosStr.Count + record.NegStr.Count == 0 ? null : new(Weights(record.PosStr, record.PosValues), Weights(record.NegStr, record.NegValues)),
        Groups = [.. Groups(record)],
        Neighbours =
        [
            .. Group("Fire together", "correlation of activations", record.CorrelatedFeaturesIndices, record.CorrelatedFeaturesPearson),
            .. Group("Nearest directions", "cosine of decoder rows", record.TopkCosSimIndices, record.TopkCosSimValues),
        ],
    };

    private static IReadOnlyList<TokenWeight> Weights(IReadOnlyList<string> tokens, IReadOnlyList<double> weights) => [.. tokens.Zip(weights, (t, w) => new TokenWeight(new(-1, t), w))];

    /// <summary>The values are the middles of the bins; a single one says nothing about their width.</summary>
    private static IEnumerable<DashboardHistogram> Histogram(string title, string axis, IReadOnlyList<double> middles, IReadOnlyList<double> heights, bool isOfLogits)
    {
        if (middles.Count < 2) yield break;
        var half = (middles[^1] - middles[0]) / (middles.Count - 1) / 2;
        if (half > 0) yield return new(title, axis, middles[0] - half, middles[^1] + half, heights) { IsOfLogits = isOfLogits };
    }

    private static IEnumerable<NeighbourGroup> Group(string title, string measure, IReadOnlyList<int> latents, IReadOnlyList<double> values)
    {
        if (latents.Count > 0) yield return new(title, measure, [.. latents.Zip(values, (l, v) => new Neighbour(l, v))]);
    }

    private static IEnumerable<ExampleGroup> Groups(NeuronpediaRecord record)
    {
        var bins = record.Activations.Where(a => a.Tokens.Count > 0).GroupBy(a => (Min: a.BinMin ?? -1, Max: a.BinMax ?? -1, Share: a.BinContains ?? -1));
        foreach (var bin in bins.OrderByDescending(b => b.Key.Max < 0 ? double.PositiveInfinity : b.Key.Max))
            yield return new(bin.Key.Max < 0 ? "Strongest" : $"Activation {Html.Number(bin.Key.Min)} to {Html.Number(bin.Key.Max)}",
                bin.Key.Share < 0 ? "" : $"{LatentDashboard.Percent(bin.Key.Share)} of its firing", [.. bin.Select(Example).OrderByDescending(e => e.Activation)]);
    }

    private static Example Example(NeuronpediaActivation a)
    {
        var focus = a.QualifyingTokenIndex ?? a.MaxValueTokenIndex ?? a.Values.Index().MaxBy(v => v.Item).Index;
        focus = focus >= 0 && focus < a.Tokens.Count ? focus : a.Values.Index().MaxBy(v => v.Item).Index;
        return new(-1, -1, focus, [.. a.Tokens.Select(t => new Token(-1, t))], [.. a.Values.Select(v => (float)v)], focus, []);
    }
}
