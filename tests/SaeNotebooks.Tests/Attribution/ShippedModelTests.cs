using SaeNotebooks.Analysis;
using SaeNotebooks.Attribution;
using SaeNotebooks.Hooks;

namespace SaeNotebooks.Tests.Attribution;

/// <summary>On the model and the SAEs that are shipped, where attributions have a meaning: estimates against exact ablations, and a graph against
/// other latents.</summary>
public sealed class ShippedModelTests : IDisposable
{
    private const string Prompt = "Translate into French: The cat sleeps in the garden.\n";
    private readonly Workbench _bench = Workbench.Open("tiny");

    public void Dispose() => _bench.Dispose();

    /// <summary>How far the likeliest next token is ahead of that after the same sentence with another instruction.</summary>
    private (IReadOnlyList<int> Prompt, Metric Metric) Question()
    {
        int Likeliest(string prompt)
        {
            using var run = _bench.Model.Run(prompt);
            using var best = run.Logits[0, -1].argmax();
            return (int)best.item<long>();
        }

        var (french, german) = (Likeliest(Prompt), Likeliest(Prompt.Replace("French", "German", StringComparison.Ordinal)));
        Assert.NotEqual(french, german);
        return (_bench.Model.Encode(Prompt), Metric.Logit(french, minus: german, "French over German (logits)"));
    }

    [Theory, InlineData(3), InlineData(5)]
    public void Estimates_correlate_with_exact_ablations_and_shuffled_ones_do_not(int layer)
    {
        var (prompt, metric) = Question();
        var sae = _bench.Sae(Hook.ResidPost(layer));
        var patching = AttributionCheck.Of(_bench.Model, sae, prompt, metric, LatentAttribution.Of(_bench.Model, sae, prompt, metric));
        TestContext.Current.TestOutputHelper!.WriteLine($"layer {layer}: {patching} (attribution patching)");
        Assert.True(patching.Nodes.Count > 100);
        Assert.True(patching.Correlation > 0.8, patching.ToText());
        for (var seed = 0; seed < 20; seed++) Assert.InRange(patching.ShuffledCorrelation(seed), -0.4, 0.4);
    }

    [Fact]
    public void A_graphs_latents_matter_more_than_others()
    {
        var (prompt, metric) = Question();
        var saes = new[] { 1, 3, 5 }.Select(l => _bench.Sae(Hook.ResidPost(l))).ToList();
        var graph = AttributionGraph.Of(_bench.Model, saes, prompt, metric, new() { NodesPerLayer = 20 });
        var confirmed = graph.Confirm(_bench.Model, saes, metric, draws: 10);
        TestContext.Current.TestOutputHelper!.WriteLine($"{graph.ToText()}\n{confirmed}");
        Assert.Equal(0, confirmed.AsLarge);
        Assert.True(confirmed.Lost > 2 * Math.Abs(confirmed.LostAtRandom), confirmed.ToText());
    }
}
