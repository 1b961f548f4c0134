using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Translation.Selection;

namespace SaeNotebooks.Translation.Tests.Selection;

public class StrategiesTests
{
    // quality, perplexity, target perplexity, activation
    private static readonly PoolScore[] Scores =
    [
        new(90, 2, 5, 3), new(100, 3, 1, 9), new(70, 2, 8, 1), new(30, 9, 9, 0), new(95, 2, 2, 6), new(10, 9, 7, 8),
    ];

    [Theory]
    [InlineData(Strategy.Quality, "1 4 0 2 3 5")]
    [InlineData(Strategy.Loss, "2 0 4 1 3 5")] // good enough: 0, 1, 2, 4; then by quality
    [InlineData(Strategy.LeastActive, "2 0 4 1 3 5")]
    [InlineData(Strategy.MostActive, "1 4 0 2 3 5")]
    public void The_order_is_the_strategys(Strategy strategy, string expected) =>
        Assert.Equal(expected, string.Join(' ', Strategies.Select(strategy, Scores, 6, gate: 60, seed: 1)));

    [Fact]
    public void The_gate_alone_takes_what_is_good_enough_in_any_order()
    {
        var orders = Enumerable.Range(0, 40).Select(seed => Strategies.Select(Strategy.GateAlone, Scores, 4, 60, (ulong)seed)).ToList();
        Assert.All(orders, order => Assert.Equal([0, 1, 2, 4], order.Order()));
        Assert.Equal([0, 1, 2, 4], orders.Select(order => order[0]).Distinct().Order());
        Assert.Equal(orders[3], Strategies.Select(Strategy.GateAlone, Scores, 4, 60, 3));
    }

    [Fact]
    public void At_random_takes_the_bad_ones_too()
    {
        var first = Enumerable.Range(0, 200).Select(seed => Strategies.Select(Strategy.Random, Scores, 1, 60, (ulong)seed)[0]).ToList();
        Assert.All(Enumerable.Range(0, 6), i => Assert.InRange(first.Count(f => f == i), 15, 55)); // 33 expected, ±3.5 standard deviations
    }

    [Fact]
    public void In_the_languages_of_S3_means_as_many_into_each()
    {
        var rng = new Rng(3);
        PoolScore[] scores = [.. Enumerable.Range(0, 300).Select(i => (Language)(i % 5)).Select(target => new PoolScore(100 * rng.NextDouble(), 1, 1, rng.NextDouble() + 0.3 * (int)target, target))];
        int[] Mix(IEnumerable<int> picked) => [.. Languages.All.Select(l => picked.Count(i => scores[i].Target == l))];
        foreach (var count in (int[])[1, 40, 120, 250, 300])
        {
            IReadOnlyList<int> least = Strategies.Select(Strategy.LeastActive, scores, count, 60, seed: 2), same = Strategies.Select(Strategy.SameLanguages, scores, count, 60, seed: 2);
            Assert.Equal(Mix(least), Mix(same));
            Assert.Equal(count, same.Distinct().Count());
            Assert.Equal(least.Count(i => scores[i].Quality >= 60), same.Count(i => scores[i].Quality >= 60));
        }
        Assert.NotEqual(Strategies.Select(Strategy.LeastActive, scores, 40, 60, 2).Order(), Strategies.Select(Strategy.SameLanguages, scores, 40, 60, 2).Order());
    }

    [Theory]
    [InlineData(double.NaN, 1, 1, 1, "quality")]
    [InlineData(90, double.NaN, 1, 1, "perplexity")]
    [InlineData(90, 1, double.NaN, 1, "perplexity")]
    [InlineData(90, 1, 1, double.NaN, "activation")]
    public void What_is_not_a_number_is_refused_and_not_chosen_first(double quality, double perplexity, double target, double activation, string name)
    {
        foreach (var strategy in Enum.GetValues<Strategy>())
            Assert.Contains($"Example 6 of the pool has no number for its {name}", Assert.Throws<ArgumentException>(
                () => Strategies.Select(strategy, [.. Scores, new(quality, perplexity, target, activation)], 2, gate: 60, seed: 1)).Message);
    }

    [Fact]
    public void Equal_scores_are_chosen_by_chance()
    {
        var same = Enumerable.Repeat(new PoolScore(80, 1, 1, 0), 8).ToArray();
        Assert.Equal(8, Enumerable.Range(0, 100).Select(seed => Strategies.Select(Strategy.LeastActive, same, 1, 60, (ulong)seed)[0]).Distinct().Count());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void More_than_there_is_cannot_be_selected(int count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Strategies.Select(Strategy.Random, Scores, count, 60, 1));
}
