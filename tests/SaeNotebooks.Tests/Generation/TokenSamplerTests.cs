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

    [Theory]
    [InlineData(1), InlineData(15), InlineData(16), InlineData(1000), InlineData(50_257)]
    public void GreedyTakesTheFirstOfTheLargest(int vocabulary)
    {
        var random = new Random(vocabulary);
        var sampler = new TokenSampler(new(), [], 0);
        for (var trial = 0; trial < 50; trial++)
        {
            float[] logits = [.. Enumerable.Range(0, vocabulary).Select(_ => random.Next(-2000, 9) / 4f)]; // the largest several times
            Assert.Equal(Array.IndexOf(logits, logits.Max()), sampler.Next(logits));
        }
    }

    [Fact]
    public void LogitsThatAreNoNumbersAreNeverTheLargest()
    {
        var sampler = new TokenSampler(new(), [], 0);
        Assert.Equal(20, sampler.Next([.. Enumerable.Range(0, 40).Select(i => i == 20 ? -5f : i % 2 == 0 ? float.NegativeInfinity : float.NaN)]));
        Assert.Equal(0, sampler.Next([.. Enumerable.Repeat(float.NaN, 40)]));
    }

    [Fact]
    public void TheRepetitionPenaltyLowersWhatWasSeen()
    {
        var sampler = new TokenSampler(new() { RepetitionPenalty = 2 }, [3], 0);
        Assert.Equal(1, sampler.Next([.. Logits])); // 3
        Assert.Equal(2, sampler.Next([.. Logits])); // 1 has fallen to 1.5
        Assert.Equal(1, sampler.Next([.. Logits])); // 2 has fallen to 1
    }
}
