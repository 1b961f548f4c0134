using SaeNotebooks.Analysis;
using SaeNotebooks.Attribution;
using SaeNotebooks.Hooks;
using SaeNotebooks.Steering;
using SaeNotebooks.Tests.Steering;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Attribution;

/// <summary>Attribution patching on a model of random weights, against sums written out and against ablations by steering.</summary>
public sealed class LatentAttributionTests : IDisposable
{
    private static readonly int[] Prompt = SteeringLab.Prompt, Other = [2, 8, 40, 6, 99, 100, 31];
    private static readonly Metric Difference = Metric.Logit(7, minus: 250);
    private readonly SteeringLab _lab = new();
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _lab.Dispose();
    }

    public static TheoryData<string, string> Kinds => SteerTests.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public void A_contribution_is_what_the_node_writes_along_the_gradient(string architecture, string normalisation)
    {
        using var sae = _lab.RandomSae(architecture, normalisation);
        var attribution = LatentAttribution.Of(_lab.Model, sae, Prompt, Difference);
        using var run = _lab.Model.Gradients(Prompt, SteeringLab.Residual, Difference);
        var (h, g) = (run.Activation(SteeringLab.Residual)[0], run.Gradient(SteeringLab.Residual)[0]);
        var plain = run.Activation(SteeringLab.Residual);
        var silent = SteeringLab.FullDecode(sae, plain, (dense, _) => dense.zeros_like(), keepError: false)[0];
        var error = sae.Error(plain)[0];
        using var latents = sae.Encode(h);
        Assert.Equal(Enumerable.Range(1, 6).Sum(t => latents.At(t).Count + 1), attribution.Nodes.Count); // an error term each, and nothing of BOS
        foreach (var node in attribution.Nodes)
        {
            var position = node.Node.Position;
            var without = node.Node.Latent is { } j
                ? SteeringLab.FullDecode(sae, plain, (dense, _) => dense * (1 - nn.functional.one_hot(tensor((long)j), SteeringLab.Width)))[0, position]
                : h[position] - error[position];
            Assert.Equal((h[position] - without).dot(g[position]).item<float>(), node.Contribution, 2e-4);
            if (node.Node.Latent is { } latent) Assert.Equal(latents[latent][position], node.Activation, 1e-5);
        }
        Assert.Equal(((h - silent).narrow(0, 1, 6) * g.narrow(0, 1, 6)).sum().item<float>(), attribution.Total, 1e-3);
        Assert.Equal(run.Values[0], attribution.Value, 1e-5);
        Assert.Equal(attribution.Nodes.OrderByDescending(n => Math.Abs(n.Contribution)), attribution.Nodes);
    }

    [Theory]
    [InlineData("jumprelu", "none", false), InlineData("topk", "none", false), InlineData("gated", "layer_norm", false), InlineData("standard", "none", true)]
    public void Integrated_gradients_sum_to_what_taking_all_out_costs(string architecture, string normalisation, bool exchanged)
    {
        using var sae = _lab.RandomSae(architecture, normalisation);
        var baseline = exchanged ? Other : null;
        LatentAttribution With(int steps) => LatentAttribution.Of(_lab.Model, sae, Prompt, Difference, baseline, steps);
        double Gap(LatentAttribution a) => Math.Abs(a.Total - (a.Value - a.Baseline));
        var (patching, integrated) = (With(0), With(400));
        Assert.True(Gap(integrated) < 0.02 * Math.Abs(integrated.Value - integrated.Baseline) + 1e-3, $"{integrated.Total} for {integrated.Value - integrated.Baseline}");
        Assert.True(Gap(integrated) < Gap(patching));
        Assert.Equal((patching.Value, patching.Baseline), (integrated.Value, integrated.Baseline));
        if (exchanged) // every token but BOS is the other prompt's, and BOS is the same in both
            Assert.Equal(Difference.Of(_lab.Model, Other)[0], patching.Baseline, 1e-4);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void The_exact_value_is_an_ablation_by_steering(string architecture, string normalisation)
    {
        using var sae = _lab.RandomSae(architecture, normalisation);
        var attribution = LatentAttribution.Of(_lab.Model, sae, Prompt, Difference);
        var check = AttributionCheck.Of(_lab.Model, sae, Prompt, Difference, attribution, top: 30);
        var clean = Difference.Of(_lab.Model, Prompt)[0];
        Assert.Equal(30, check.Exact.Count);
        foreach (var (node, exact) in check.Nodes.Zip(check.Exact))
        {
            var at = Positions.At(node.Node.Position);
            Edit edit = node.Node.Latent is { } latent ? Steer.Ablate(sae, latent, at) : Edit.Custom(sae.Config.Hook, (x, _) => sae.Reconstruct(x), at);
            Assert.Equal(clean - Difference.Of(_lab.Model, Prompt, edit)[0], exact, 1e-3);
        }
        Assert.Contains("correlate", check.ToText());
    }

    [Fact]
    public void A_baseline_prompt_exchanges_latents_between_prompts()
    {
        using var sae = _lab.RandomSae("standard");
        var attribution = LatentAttribution.Of(_lab.Model, sae, Prompt, Difference, Other);
        var check = AttributionCheck.Of(_lab.Model, sae, Prompt, Difference, attribution, Other, top: 20);
        float Active(int[] prompt, AttributionNode node)
        {
            using var run = _lab.Model.Run(prompt, SteeringLab.Residual);
            using var latents = sae.Encode(run[SteeringLab.Residual]);
            return latents[node.Latent!.Value][node.Position];
        }

        foreach (var (node, exact) in check.Nodes.Zip(check.Exact).Where(n => !n.First.Node.IsError))
        {
            var then = Active(Other, node.Node);
            Assert.Equal(Active(Prompt, node.Node) - then, node.Activation, 1e-4);
            var clamped = Steer.Clamp(sae, node.Node.Latent!.Value, then, Positions.At(node.Node.Position));
            Assert.Equal(attribution.Value - Difference.Of(_lab.Model, Prompt, clamped)[0], exact, 1e-3);
        }
        Assert.Contains("3 tokens and the prompt 7", Assert.Throws<ArgumentException>(() => LatentAttribution.Of(_lab.Model, sae, Prompt, Difference, Other[..3])).Message);
        Assert.Throws<ArgumentException>(() => LatentAttribution.Of(_lab.Model, sae, [2], Difference));
        using var transcoder = _lab.RandomSae("standard", isTranscoder: true);
        Assert.Throws<ArgumentException>(() => LatentAttribution.Of(_lab.Model, transcoder, Prompt, Difference));
    }
}
