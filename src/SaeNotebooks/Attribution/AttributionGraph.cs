using SaeNotebooks.Analysis;
using SaeNotebooks.Display;
using SaeNotebooks.Figures;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using static TorchSharp.torch;

namespace SaeNotebooks.Attribution;

/// <summary>How one node acts on another in a later layer.</summary>
/// <param name="From">in the earlier layer</param>
/// <param name="To">in the later layer</param>
/// <param name="Weight">how much of the later latent's activation the earlier node supplies, to first order: what it writes · ∇ of that activation.
/// For an error term the same as <paramref name="Effect"/></param>
/// <param name="Effect">what comes of that at the metric: <paramref name="Weight"/> · ∂ metric / ∂ the later node</param>
public readonly record struct GraphEdge(AttributionNode From, AttributionNode To, double Weight, double Effect);

/// <summary>
/// Which latents at which tokens, by way of which latents in later layers, make up a metric: attribution patching in every layer, joined by the
/// gradients of later latents with respect to earlier ones. All that goes from a layer of the graph to the metric passes through the residual
/// stream of the next, which is the sum of that layer's nodes, so edges join neighbouring layers only, and the effects of a node's edges
/// sum to its contribution (before pruning).
/// </summary>
/// <param name="Tokens">the prompt</param>
/// <param name="Metric">the metric</param>
/// <param name="Value">its value in the run</param>
/// <param name="Layers">the hooks, in the order of evaluation</param>
/// <param name="Nodes">the nodes that are kept, the largest contribution first</param>
/// <param name="Edges">the edges that are kept, the largest effect first</param>
/// <param name="Frozen">what gradients took as constant</param>
/// <param name="Found">how many nodes there were before pruning</param>
[TypeFormatterSource(typeof(FormatterSource), PreferredMimeTypes = [MimeTypes.Html, MimeTypes.Plotly, MimeTypes.Svg, MimeTypes.Text])]
public sealed record AttributionGraph(IReadOnlyList<Token> Tokens, string Metric, double Value, IReadOnlyList<HookName> Layers,
    IReadOnlyList<NodeContribution> Nodes, IReadOnlyList<GraphEdge> Edges, Frozen Frozen, int Found) : IDisplayable
{
    /// <summary>Computes the graph of a prompt.</summary>
    /// <param name="model">the model</param>
    /// <param name="saes">SAEs of residual streams in at least two layers</param>
    /// <param name="prompt">token ids</param>
    /// <param name="metric">what is explained</param>
    /// <param name="options">pruning, and what gradients see</param>
    /// <param name="cancellation">ends it with an exception</param>
    /// <exception cref="ArgumentException">an SAE is not one of a residual stream, or two are of the same</exception>
    public static AttributionGraph Of(HookedTransformer model, IReadOnlyList<Sae> saes, IReadOnlyList<int> prompt, Metric metric,
        GraphOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new();
        options.Validate();
        Sae[] ordered = [.. saes.OrderBy(s => s.Config.Hook)];
        RequireLayers(ordered);
        var (batch, freeze) = (new TokenBatch([prompt]), Freeze.Of(model, options.Frozen));
        using var scope = NewDisposeScope();
        using var run = model.Gradients(batch, ordered.Select(s => s.Config.Hook).ToArray(), metric, freeze, cancellation);
        using var progress = Progress.Start("Joining latents", ordered.Length - 1, "layers", cancellation: cancellation);
        GraphLayer[] layers = [.. ordered.Select(sae => new GraphLayer(model, sae, batch, run.Gradient(sae.Config.Hook)[0], options))];
        try
        {
            List<GraphEdge> edges = [];
            for (var i = 1; i < layers.Length; i++)
            {
                var between = new LayerEdges(model, layers[i - 1], layers[i], batch, freeze).Compute(progress.Cancellation);
                edges.AddRange(Pruning.Keep(between, e => e.Effect, options.EdgeShare, int.MaxValue));
                progress.Report(i);
            }
            return new([.. prompt.Select(model.TokenOf)], metric.Name, run.Values[0], [.. ordered.Select(s => s.Config.Hook)],
                [.. layers.SelectMany(l => l.Kept).OrderByDescending(n => Math.Abs(n.Contribution))], [.. edges.OrderByDescending(e => Math.Abs(e.Effect))],
                options.Frozen, layers.Sum(l => l.Found));
        }
        finally
        {
            foreach (var layer in layers) layer.Dispose();
        }
    }

    /// <summary>Takes all latents of the graph out at once, and as often as many other latents: see <see cref="GraphConfirmation"/>.</summary>
    /// <inheritdoc cref="GraphConfirmation.Of"/>
    public GraphConfirmation Confirm(HookedTransformer model, IReadOnlyList<Sae> saes, Metric metric, int draws = 20, int seed = 0,
        CancellationToken cancellation = default) => GraphConfirmation.Of(this, model, saes, metric, draws, seed, cancellation);

    /// <summary>The graph over the prompt: tokens from left to right, layers from below; orange adds to the metric, blue takes away.</summary>
    /// <param name="title">the finding; by default what is kept</param>
    public Figure ToFigure(string? title = null) => GraphFigure.Draw(this, title ?? Headline);

    /// <inheritdoc/>
    public string ToHtml() => ToFigure().ToHtml();

    /// <inheritdoc/>
    public string ToText() => Headline + "\n" + Show.Table(["from", "to", "weight", "effect"],
        Edges.Take(20).Select(e => (IReadOnlyList<object?>)[e.From.ToString(), e.To.ToString(), e.Weight, e.Effect])).ToText();

    /// <inheritdoc/>
    public string ToSvg() => ToFigure().ToSvg();

    /// <inheritdoc/>
    public string ToPlotlyJson() => ToFigure().ToPlotlyJson();

    /// <inheritdoc/>
    public override string ToString() => ToText();

    private string Headline => $"{Metric} = {Html.Number(Value)}: {Nodes.Count} of {Found} nodes and {Edges.Count} edges, " +
        Frozen switch { Frozen.Attention => "attention frozen", Frozen.AttentionAndNorms => "attention and norms frozen", _ => "nothing frozen" };

    private static void RequireLayers(Sae[] ordered)
    {
        if (ordered.Length < 2) throw new ArgumentException($"A graph joins latents of different layers; {ordered.Length} SAE was given.", "saes");
        foreach (var sae in ordered)
            if (sae.Config.IsTranscoder || sae.Config.Hook.Point is not (HookPoint.ResidPre or HookPoint.ResidMid or HookPoint.ResidPost))
                throw new ArgumentException($"The {sae} is not one of a residual stream, through which everything passes; edges past it would be missed.", "saes");
        if (ordered.DistinctBy(s => s.Config.Hook).Count() < ordered.Length) throw new ArgumentException("Two SAEs are of the same hook; give one for each layer.", "saes");
    }
}
