using SaeNotebooks.Features;
using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Activations;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Features;

public class LatentStatisticsTests
{
    [Fact]
    public void On_any_tokens_they_are_those_of_the_dense_activations()
    {
        using var scope = NewDisposeScope();
        var random = manual_seed(5);
        using var sae = new Sae(new() { Hook = Hook.ResidPost(0), ModelName = "none" }, new TopK(4), randn(8, 20, generator: random), randn(20, 8, generator: random),
            cat([randn(19, generator: random), tensor([-1000f])]), zeros(8));
        var rows = randn(200, 8, generator: random);
        var statistics = LatentStatistics.OfAll(sae, rows);
        using var encoded = sae.Encode(rows);
        Assert.Equal(20, statistics.Count);
        foreach (var (latent, s) in statistics.Index())
        {
            float[] active = [.. encoded[latent].Where(a => a > 0).Order()];
            Assert.Equal((latent, active.Length, active.Length / 200.0, sae.EncoderBias[latent].item<float>()), (s.Latent, s.Fires, s.Rate, s.Bias));
            if (s.NeverFires) continue;
            Assert.Equal(active[^1], s.Max);
            Assert.Equal(active.Average(), s.Mean, 1e-4);
            Assert.Equal(Math.Sqrt(active.Average(a => (double)a * a)), s.RootMeanSquare, 1e-4);
            // Quantiles are of activations as an index stores them, with eleven significant bits.
            foreach (var (share, quantile) in new[] { (0.5, s.Quantiles.Half), (0.75, s.Quantiles.ThreeQuarters), (0.9, s.Quantiles.NineTenths), (0.99, s.Quantiles.NinetyNineHundredths) })
                Assert.Equal(active[(int)Math.Ceiling(share * active.Length) - 1], quantile, 1e-3 * active[^1]);
        }
        Assert.True(statistics[19].NeverFires);
        Assert.Contains(statistics, s => s.Fires > 20);
    }

    [Fact]
    public void On_no_tokens_nothing_fires()
    {
        using var scope = NewDisposeScope();
        using var sae = new Sae(new() { Hook = Hook.ResidPost(0), ModelName = "none" }, new Relu(), ones(3, 5), ones(5, 3), zeros(5), zeros(3));
        Assert.All(LatentStatistics.OfAll(sae, zeros(0, 3)), s => Assert.Equal((0, 0.0, 0f), (s.Fires, s.Rate, s.Mean)));
    }
}
