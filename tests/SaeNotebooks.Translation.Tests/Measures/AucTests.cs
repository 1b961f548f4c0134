using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Translation.Measures;

namespace SaeNotebooks.Translation.Tests.Measures;

public sealed class AucTests
{
    [Fact]
    public void It_is_the_share_of_pairs_that_are_in_order()
    {
        var rng = new Rng(5);
        for (var round = 0; round < 20; round++)
        {
            double[] wrong = [.. Enumerable.Range(0, 1 + rng.Next(30)).Select(_ => (double)rng.Next(8))], rest = [.. Enumerable.Range(0, 1 + rng.Next(30)).Select(_ => (double)rng.Next(8))];
            var pairs = (from one in wrong from other in rest select one > other ? 1 : one == other ? 0.5 : 0).Average();
            Assert.Equal(pairs, Auc.Of(wrong, rest), 12);
            Assert.Equal(1 - pairs, Auc.Of(rest, wrong), 12);
        }
    }

    [Fact]
    public void An_empty_group_is_refused() => Assert.Contains("0 and 1", Assert.Throws<ArgumentException>(() => Auc.Of([], [1])).Message);
}
