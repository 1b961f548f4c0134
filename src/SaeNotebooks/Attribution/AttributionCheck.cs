using SaeNotebooks.Analysis;
using SaeNotebooks.Display;
using SaeNotebooks.Figures;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using static TorchSharp.torch;

namespace SaeNotebooks.Attribution;

/// <summary>Contributions that were estimated from gradients beside what the metric really loses when each node is taken out by itself.</summary>
/// <param name="Metric">the metric</param>
/// <param name="Nodes">the nodes, with their estimated contributions</param>
/// <param name="Exact">for each node, the metric of the run less that without the node</param>
[TypeFormatterSource(typeof(FormatterSource), PreferredMimeTypes = [MimeTypes.Html, MimeTypes.Plotly, MimeTypes.Svg, MimeTypes.Text])]
public sealed record AttributionCheck(string Metric, IReadOnlyList<NodeContribution> Nodes, IReadOnlyList<double> Exact) : IDisplayable
{
    /// <summary>Pearson's correlation of estimated and exact contributions.</summary>
    public double Correlation => Pearson([.. Nodes.Select(n => n.Contribution)], Exact);

    /// <summary>The correlation after the exact values have been dealt out to the nodes at random: what chance gives.</summary>
    /// <param name="seed">of the shuffle</param>
    public double ShuffledCorrelation(int seed = 0)
    {
        double[] shuffled = [.. Exact];
        new Random(seed).Shuffle(shuffled);
        return Pearson([.. Nodes.Select(n => n.Contribution)], shuffled);
    }

    /// <summary>Takes every node out by itself, many in one batch.</summary>
    /// <param name="model">the model</param>
    /// <param name="sae">the SAE that was attributed to</param>
    /// <param name="prompt">the same prompt</param>
    /// <param name="metric">the same metric</param>
    /// <param name="attribution">the estimates</param>
    /// <param name="baseline">the same baseline</param>
    /// <param name="top">how many nodes, the largest estimates first; null for all</param>
    /// <param name="cancellation">ends it with an exception</param>
    public static AttributionCheck Of(HookedTransformer model, Sae sae, IReadOnlyList<int> prompt, Metric metric, LatentAttribution attribution,
        IReadOnlyList<int>? baseline = null, int? top = null, CancellationToken cancellation = default)
    {
        var batch = new TokenBatch([prompt]);
        using var parts = LatentAttribution.PartsOf(model, sae, batch, baseline, Positions.All);
        var places = parts.Nodes.Index().ToDictionary(n => n.Item, n => n.Index);
        NodeContribution[] nodes = [.. attribution.Nodes.Take(top ?? int.MaxValue)];
        var clean = metric.Of(model, batch, cancellation: cancellation)[0];
        using var scope = NewDisposeScope();
        var vectors = parts.Vectors(nodes.Select(n => places[n.Node]));
        var positions = nodes.Select(n => (long)n.Node.Position).ToArray();
        var removal = Edit.Custom(sae.Config.Hook, (x, context) => x - Placed(vectors, positions, x, context));
        var without = metric.Of(model, batch.Repeat(nodes.Length), removal, cancellation);
        return new(metric.Name, nodes, [.. without.Select(value => clean - value)]);
    }

    /// <summary>Each node's exact contribution over its estimate; on the diagonal they agree.</summary>
    /// <param name="title">the finding; by default the correlation</param>
    public Figure ToFigure(string? title = null)
    {
        Points Cloud(string name, bool isError) => Of(name, [.. Nodes.Zip(Exact).Where(n => n.First.Node.IsError == isError)]);
        Points[] clouds = [.. new[] { Cloud("latents", false), Cloud("error terms", true) }.Where(c => c.X.Count > 0)];
        return Chart.Scatter(title ?? FormattableString.Invariant($"Estimated and exact contributions of {Nodes.Count} nodes correlate at {Correlation:F2}"),
            "estimated from the gradient", $"exact: lost when taken out, {Metric}", clouds);
    }

    /// <inheritdoc/>
    public string ToHtml() => ToFigure().ToHtml();

    /// <inheritdoc/>
    public string ToText() =>
        $"{Metric}: estimated and exact contributions of {Nodes.Count} nodes correlate at {Html.Number(Correlation)}, shuffled at {Html.Number(ShuffledCorrelation())}";

    /// <inheritdoc/>
    public string ToSvg() => ToFigure().ToSvg();

    /// <inheritdoc/>
    public string ToPlotlyJson() => ToFigure().ToPlotlyJson();

    /// <inheritdoc/>
    public override string ToString() => ToText();

    private static Points Of(string name, (NodeContribution Node, double Exact)[] nodes) => new(name, Values.Of(nodes.Select(n => n.Node.Contribution)),
        Values.Of(nodes.Select(n => n.Exact)), [.. nodes.Select(n => n.Node.Node.ToString())]);

    /// <summary>Each row's vector at its position, zero elsewhere: the shape of x.</summary>
    private static Tensor Placed(Tensor vectors, long[] positions, Tensor x, EditContext context)
    {
        var rows = context.Prompts.Select(p => (long)p).ToArray();
        var (index, row) = (tensor(rows, device: x.device), tensor([.. Enumerable.Range(0, rows.Length).Select(r => (long)r)], device: x.device));
        var at = tensor([.. rows.Select(r => positions[r])], device: x.device);
        return zeros_like(x.flatten(2)).index_put_(vectors.index_select(0, index).to(x.dtype), row, at).view_as(x);
    }

    private static double Pearson(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        var (meanA, meanB) = (a.Average(), b.Average());
        double ab = 0, aa = 0, bb = 0;
        foreach (var (x, y) in a.Zip(b)) (ab, aa, bb) = (ab + (x - meanA) * (y - meanB), aa + (x - meanA) * (x - meanA), bb + (y - meanB) * (y - meanB));
        return ab / Math.Sqrt(aa * bb);
    }
}
