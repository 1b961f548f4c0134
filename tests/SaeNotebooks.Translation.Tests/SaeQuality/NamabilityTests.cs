using SaeNotebooks.Translation.SaeQuality;

namespace SaeNotebooks.Translation.Tests.SaeQuality;

public class NamabilityTests
{
    [Fact]
    public void A_planted_latent_is_found_and_shuffled_labels_lose_it()
    {
        // Latent 7 fires exactly with "a", latent 8 with two thirds of "b", latent 9 everywhere.
        string[] labels = [.. Enumerable.Range(0, 300).Select(i => i % 3 == 0 ? "a" : i % 3 == 1 ? "b" : "c")];
        int[][] active = [.. Enumerable.Range(0, 300).Select(i => i % 3 == 0 ? (int[])[7, 9] : i % 3 == 1 && i % 9 != 1 ? [8, 9] : [9])];
        var score = Namability.Score("test", new(active, [.. Enumerable.Range(0, 300)], labels), new SaeEvaluationOptions { LeastCount = 10 });

        Assert.Equal(new NamedLatent("a", 7, 1, 1, 1, 100), score.Labels[0]);
        var b = score.Labels.Single(l => l.Label == "b");
        var hits = active.Count(a => a.Contains(8));
        Assert.Equal((8, 2.0 * hits / (hits + 100)), (b.Latent, b.F1));
        Assert.Equal((hits / 100.0 + 1) / 2, b.BalancedAccuracy, 1e-12);
        Assert.Equal(2.0 / 3, score.NamedShare, 1e-12); // 7 and 8; 9 fires everywhere and tells nothing, though its F1 is 0.5
        Assert.Equal(Pearson([.. active.Select(a => a.Contains(8) ? 1.0 : 0)], [.. labels.Select(l => l == "b" ? 1.0 : 0)]), b.Correlation, 1e-12);
        Assert.InRange(score.ShuffledMeanCorrelation, -0.2, 0.2);
        Assert.Equal(0, score.ShuffledNamedShare);
    }

    [Fact]
    public void Labels_are_shuffled_by_unit_and_rare_ones_left_out()
    {
        int[] units = [0, 0, 0, 1, 1, 2];
        var score = Namability.Score("test", new([[1], [1], [1], [], [], []], units, ["x", null, "y"]), new SaeEvaluationOptions { LeastCount = 2 });
        Assert.Equal(["x"], score.Labels.Select(l => l.Label));
        Assert.Equal(1, score.MeanCorrelation);
    }

    private static double Pearson(double[] x, double[] y)
    {
        var (mx, my) = (x.Average(), y.Average());
        return x.Zip(y, (a, b) => (a - mx) * (b - my)).Sum() / Math.Sqrt(x.Sum(a => (a - mx) * (a - mx)) * y.Sum(b => (b - my) * (b - my)));
    }
}
