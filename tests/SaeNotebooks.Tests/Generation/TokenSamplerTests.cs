using SaeNotebooks.Generation;

namespace SaeNotebooks.Tests.Generation;

public class TokenSamplerTests
{
    private static readonly float[] Logits = [1f, 3f, 2f, -1f, 0f];

    private static int[] Frequencies(GenerationOptions options, int draws = 20_000)
    {
        var counts = new int[Logits.Length];
        var sampler = new TokenSampler(options, [], 0);
        for (var i = 0; i < draws; i++) counts[sampler.Next([.. Logits])]++;
        return counts;
    }

    private static double[] Softmax(double temperature, params int[] allowed)
    {
        var weights = Logits.Select((l, i) => allowed.Contains(i) ? Math.Exp(l / temperature) : 0).ToArray();
        return [.. weights.Select(w => w / weights.Sum())];
    }

    private static void AssertDistributed(double[] expected, GenerationOptions options)
    {
        const int draws = 20_000;
        foreach (var (p, count) in expected.Zip(Frequencies(options, draws)))
            Assert.InRange(count, draws * p - 5 * Math.Sqrt(draws * p * (1 - p)), draws * p + 5 * Math.Sqrt(draws * p * (1 - p)));
    }

    [Fact]
    public void DrawsFollowTheSoftmax() => AssertDistributed(Softmax(1.3, 0, 1, 2, 3, 4), new() { Temperature = 1.3 });

    [Fact]
    public void TopKDrawsAmongTheLikeliest() => AssertDistributed(Softmax(1, 1, 2), new() { Temperature = 1, TopK = 2 });

    /// <summary>Probabilities are 0.636, 0.234, 0.086 …: the first two reach 0.8.</summary>
    [Fact]
    public void TopPDrawsAmongTheNucleus() => AssertDistributed(Softmax(1, 1, 2), new() { Temperature = 1, TopP = 0.8 });

    [Fact]
    public void TheRepetitionPenaltyLowersWhatWasSeen()
    {
        var sampler = new TokenSampler(new() { RepetitionPenalty = 2 }, [3], 0);
        Assert.Equal(1, sampler.Next([.. Logits])); // 3
        Assert.Equal(2, sampler.Next([.. Logits])); // 1 has fallen to 1.5
        Assert.Equal(1, sampler.Next([.. Logits])); // 2 has fallen to 1
    }
}
