using SaeNotebooks.Analysis;
using SaeNotebooks.Attribution;
using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;
using SaeNotebooks.Tests.Steering;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Attribution;

/// <summary>Graphs on a model of random weights: the chain rule must hold over their edges, and an edge is what a small push really does.</summary>
public sealed class AttributionGraphTests : IDisposable
{
    private static readonly int[] Prompt = SteeringLab.Prompt[..4];
    private static readonly Metric Difference = Metric.Logit(7, minus: 250);
    private static readonly GraphOptions Everything = new() { NodeShare = 1, EdgeShare = 1, NodesPerLayer = int.MaxValue };
    private readonly SteeringLab _lab = new();
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _lab.Dispose();
    }

    [Theory]
    [InlineData("jumprelu", "none", Frozen.Nothing), InlineData("topk", "none", Frozen.Attention), InlineData("gated", "constant_norm_rescale", Frozen.Nothing),
     InlineData("standard", "layer_norm", Frozen.AttentionAndNorms)]
    public void The_effects_of_a_nodes_edges_sum_to_its_contribution(string architecture, string normalisation, Frozen frozen)
    {
        using Sae first = _lab.RandomSae(architecture, normalisation, layer: 0), second = _lab.RandomSae(architecture, normalisation, layer: 1), third = _lab.RandomSae(architecture, normalisation, layer: 2);
        // BOS too, for what passes through a token without nodes is on no edge.
        var graph = AttributionGraph.Of(_lab.Model, [third, first, second], Prompt, Difference, Everything with { Frozen = frozen, Positions = Positions.All });
        Assert.Equal([Hook.ResidPost(0), Hook.ResidPost(1), Hook.ResidPost(2)], graph.Layers);
        Assert.Equal(graph.Found, graph.Nodes.Count);
        var sums = graph.Edges.GroupBy(e => e.From).ToDictionary(g => g.Key, g => g.Sum(e => e.Effect));
        var size = graph.Nodes.Max(n => Math.Abs(n.Contribution));
        foreach (var node in graph.Nodes.Where(n => n.Node.Hook != Hook.ResidPost(2))) Assert.Equal(node.Contribution, sums[node.Node], 2e-3 * size);
        Assert.All(graph.Edges, e => Assert.Equal(e.From.Hook.Layer + 1, e.To.Hook.Layer));
        Assert.All(graph.Edges, e => Assert.True(e.From.Position <= e.To.Position || e.Weight == 0, $"{e.From} acts on the past {e.To}"));
    }

    [Fact]
    public void A_weight_is_what_a_small_push_along_the_earlier_node_does_to_the_later_latent()
    {
        using Sae first = _lab.RandomSae("standard", layer: 0), second = _lab.RandomSae("standard", layer: 2);
        var graph = AttributionGraph.Of(_lab.Model, [first, second], Prompt, Difference, Everything with { Frozen = Frozen.Nothing });
        using var plain = _lab.Model.Run(Prompt, Hook.ResidPost(0));
        foreach (var edge in graph.Edges.Where(e => !e.From.IsError && !e.To.IsError).Take(12))
        {
            var activation = graph.Nodes.Single(n => n.Node == edge.From).Activation;
            var written = first.Direction(edge.From.Latent!.Value) * (float)activation;
            var step = 0.001 * (plain[Hook.ResidPost(0)][0, edge.From.Position].norm() / written.norm()).item<float>(); // no latent falls silent on the way
            double At(int steps)
            {
                using var run = _lab.Model.Run(Prompt, Hook.ResidPost(2), Edit.Add(Hook.ResidPost(0), written, Positions.At(edge.From.Position), steps * step));
                using var latents = second.Encode(run[Hook.ResidPost(2)]);
                return latents[edge.To.Latent!.Value][edge.To.Position];
            }

            var slope = (8 * (At(1) - At(-1)) - (At(2) - At(-2))) / (12 * step);
            Assert.Equal(slope, edge.Weight, 0.01 * Math.Abs(edge.Weight) + 2e-5 / step);
        }
    }

    [Fact]
    public void Pruning_keeps_the_fewest_that_make_up_the_share()
    {
        Assert.Equal([-5, 4, 3], Pruning.Keep([1, -5, 3, 4, 2], x => (double)x, 0.8, int.MaxValue));
        Assert.Equal([-5, 4], Pruning.Keep([1, -5, 3, 4, 2], x => (double)x, 0.8, 2));
        Assert.Equal([-5, 4, 3, 2, 1, 0], Pruning.Keep([1, -5, 0, 3, 4, 2], x => (double)x, 1, int.MaxValue));

        using Sae first = _lab.RandomSae("jumprelu", layer: 0), second = _lab.RandomSae("jumprelu", layer: 2);
        var all = AttributionGraph.Of(_lab.Model, [first, second], Prompt, Difference, Everything);
        var pruned = AttributionGraph.Of(_lab.Model, [first, second], Prompt, Difference, new() { NodeShare = 0.5, EdgeShare = 0.5, NodesPerLayer = 10 });
        Assert.InRange(pruned.Nodes.Count, 2, 20);
        Assert.True(pruned.Edges.Count < pruned.Nodes.Count * pruned.Nodes.Count / 4 && all.Edges.Count > 10 * pruned.Edges.Count);
        var weights = all.Edges.ToDictionary(e => (e.From, e.To), e => e.Weight);
        Assert.All(pruned.Edges, e => Assert.Equal(weights[(e.From, e.To)], e.Weight, 1e-4));
        Assert.Contains("attention frozen", pruned.ToText());
    }

    [Fact]
    public void What_a_graph_cannot_be_made_of_is_refused()
    {
        using Sae first = _lab.RandomSae("standard", layer: 0), second = _lab.RandomSae("standard", layer: 1), transcoder = _lab.RandomSae("standard", isTranscoder: true, layer: 2);
        void Refused(string part, params Sae[] saes) => Assert.Contains(part, Assert.Throws<ArgumentException>(() => AttributionGraph.Of(_lab.Model, saes, Prompt, Difference)).Message);
        Refused("different layers", first);
        Refused("same hook", first, second, second);
        Refused("residual stream", first, transcoder);
        Assert.Throws<ArgumentOutOfRangeException>(() => AttributionGraph.Of(_lab.Model, [first, second], Prompt, Difference, new() { NodeShare = 1.2 }));
    }

    [Fact]
    public void Attribution_leaves_no_native_memory_behind()
    {
        using Sae first = _lab.RandomSae("jumprelu", layer: 0), second = _lab.RandomSae("jumprelu", "layer_norm", layer: 2);
        void Once()
        {
            var attribution = LatentAttribution.Of(_lab.Model, first, Prompt, Difference, steps: 3);
            AttributionCheck.Of(_lab.Model, first, Prompt, Difference, attribution, top: 5);
            AttributionGraph.Of(_lab.Model, [first, second], Prompt, Difference, new() { NodesPerLayer = 5 }).Confirm(_lab.Model, [first, second], Difference, draws: 2);
        }

        Once();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = LiveTensors.Count();
        for (var i = 0; i < 3; i++) Once();
        Assert.Equal(before, Tensor.TotalCount);
    }
}
