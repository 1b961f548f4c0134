using SaeNotebooks.Analysis;
using SaeNotebooks.Display;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using SaeNotebooks.Steering;
using static TorchSharp.torch;

namespace SaeNotebooks.Attribution;

/// <summary>
/// Whether a graph holds against intervention: all its latents are taken out at once, each at its own token, and so are, in other runs, as many
/// latents of the same layers that were active as well and wrote about as much, but are not in the graph.
/// </summary>
/// <param name="Metric">the metric</param>
/// <param name="Latents">how many latents are taken out</param>
/// <param name="Clean">the metric of the run</param>
/// <param name="Without">the metric without the graph's latents</param>
/// <param name="Random">the metric without other latents, by draw</param>
[TypeFormatterSource(typeof(FormatterSource))]
public sealed record GraphConfirmation(string Metric, int Latents, double Clean, double Without, IReadOnlyList<double> Random) : IDisplayable
{
    /// <summary>Candidates among which a control is drawn: those whose writing is nearest in norm.</summary>
    private const int Nearest = 8;

    /// <summary>What the metric loses with the graph's latents.</summary>
    public double Lost => Clean - Without;

    /// <summary>What the metric loses with other latents, on average.</summary>
    public double LostAtRandom => Clean - Random.Average();

    /// <summary>Draws in which other latents change the metric at least as much.</summary>
    public int AsLarge => Random.Count(r => Math.Abs(Clean - r) >= Math.Abs(Lost));

    /// <summary>Takes latents out.</summary>
    /// <param name="graph">the graph; its error terms stay in</param>
    /// <param name="model">the model</param>
    /// <param name="saes">the SAEs of the graph</param>
    /// <param name="metric">the metric of the graph</param>
    /// <param name="draws">how many sets of other latents</param>
    /// <param name="seed">of the draws</param>
    /// <param name="cancellation">ends it with an exception</param>
    public static GraphConfirmation Of(AttributionGraph graph, HookedTransformer model, IReadOnlyList<Sae> saes, Metric metric, int draws = 20, int seed = 0,
        CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(draws);
        var batch = new TokenBatch([[.. graph.Tokens.Select(t => t.Id)]]);
        var byHook = saes.ToDictionary(s => s.Config.Hook);
        AttributionNode[] kept = [.. graph.Nodes.Select(n => n.Node).Where(n => !n.IsError)];
        if (kept.Length == 0) throw new ArgumentException("The graph has no latents that could be taken out.", nameof(graph));
        double Measured(IEnumerable<AttributionNode> nodes) => metric.Of(model, batch, Ablation(nodes, byHook), cancellation)[0];

        using var progress = Progress.Start("Taking latents out", draws, "sets", cancellation: cancellation);
        var without = Measured(kept);
        var pools = graph.Layers.ToDictionary(hook => hook, hook => Written(model, byHook[hook], batch));
        var random = new Random(seed);
        var controls = new double[draws];
        for (var i = 0; i < draws; i++)
        {
            controls[i] = Measured(Drawn(kept, pools, random));
            progress.Report(i + 1);
        }
        return new(metric.Name, kept.Length, metric.Of(model, batch, cancellation: cancellation)[0], without, controls);
    }

    /// <inheritdoc/>
    public string ToHtml() => $"<div>{Html.Encode(ToText())}</div>";

    /// <inheritdoc/>
    public string ToText() => $"{Metric}: {Html.Number(Clean)}; without the graph's {Latents} latents {Html.Number(Without)} (lost {Html.Number(Lost)}); " +
        $"without as many others {Html.Number(Random.Average())} (lost {Html.Number(LostAtRandom)} on average; as much or more in {AsLarge} of {Random.Count} draws)";

    /// <inheritdoc/>
    public override string ToString() => ToText();

    private static Edits Ablation(IEnumerable<AttributionNode> nodes, Dictionary<HookName, Sae> saes) =>
        nodes.GroupBy(n => (n.Hook, n.Position))
            .Select(g => (Edit)Steer.Ablate(saes[g.Key.Hook], [.. g.Select(n => n.Latent!.Value)], Positions.At(g.Key.Position))).ToList();

    /// <summary>The norm of what each active latent writes, by node.</summary>
    private static Dictionary<AttributionNode, double> Written(HookedTransformer model, Sae sae, TokenBatch batch)
    {
        using var run = model.Run(batch, sae.Config.Hook);
        using var scope = NewDisposeScope();
        using var latents = sae.Encode(run[sae.Config.Hook]);
        var norms = sae.Decoder.norm(1).cpu().data<float>().ToArray();
        return Enumerable.Range(0, latents.Tokens).SelectMany(t => latents.At(t).Select(l =>
            (Node: new AttributionNode(sae.Config.Hook, t, l.Latent), Norm: (double)l.Value * norms[l.Latent]))).ToDictionary(n => n.Node, n => n.Norm);
    }

    /// <summary>For each node another of the same layer, none twice, that is not in the graph.</summary>
    private static List<AttributionNode> Drawn(AttributionNode[] kept, Dictionary<HookName, Dictionary<AttributionNode, double>> pools, Random random)
    {
        var positions = kept.Select(n => n.Position).ToHashSet(); // among them BOS only if the graph has it
        var taken = kept.ToHashSet();
        List<AttributionNode> drawn = [];
        foreach (var node in kept)
        {
            var pool = pools[node.Hook];
            var norm = pool.GetValueOrDefault(node);
            AttributionNode[] near = [.. pool.Where(p => positions.Contains(p.Key.Position) && !taken.Contains(p.Key))
                .OrderBy(p => Math.Abs(Math.Log((p.Value + 1e-6) / (norm + 1e-6)))).Take(Nearest).Select(p => p.Key)];
            if (near.Length == 0)
                throw new InvalidOperationException($"The graph keeps so many latents of {node.Hook} that there are none left to compare with; lower NodeShare or NodesPerLayer.");
            var other = near[random.Next(near.Length)];
            taken.Add(other);
            drawn.Add(other);
        }
        return drawn;
    }
}
