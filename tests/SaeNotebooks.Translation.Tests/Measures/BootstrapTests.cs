using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Translation.Measures;

namespace SaeNotebooks.Translation.Tests.Measures;

public class BootstrapTests
{
    [Fact]
    public void Its_interval_is_that_of_the_normal_approximation_when_there_are_many_cases()
    {
        var cases = Enumerable.Range(0, 1000).Select(i => i % 10 < 3).ToList();
        var estimate = Bootstrap.Share(cases);
        var error = 1.96 * Math.Sqrt(0.3 * 0.7 / 1000);
        Assert.Equal(0.3, estimate.Value, 1e-12);
        Assert.Equal(0.3 - error, estimate.Low, 0.004);
        Assert.Equal(0.3 + error, estimate.High, 0.004);
        Assert.Equal(1000, estimate.Count);
    }

    [Fact]
    public void It_covers_the_true_value_in_about_95_of_100_samples()
    {
        var rng = new Rng(5);
        var covered = Enumerable.Range(0, 200).Count(i =>
        {
            var estimate = Bootstrap.Mean([.. Enumerable.Range(0, 60).Select(_ => rng.NextDouble())], (ulong)i);
            return estimate.Low <= 0.5 && 0.5 <= estimate.High;
        });
        Assert.InRange(covered, 180, 199);
    }

    [Fact]
    public void Paired_differences_are_taken_case_by_case()
    {
        bool[] before = [true, false, false, true], after = [true, true, true, false];
        Assert.Equal(0.25, Bootstrap.Difference(before, after).Value, 1e-12);
        Assert.Equal(Bootstrap.Mean([0, 1, 1, -1]), Bootstrap.Difference(before, after));
    }

    [Fact]
    public void The_same_seed_gives_the_same_interval_and_a_constant_has_none()
    {
        double[] values = [0.1, 0.4, 0.9, 0.2];
        Assert.Equal(Bootstrap.Mean(values, 3), Bootstrap.Mean(values, 3));
        Assert.Equal(new Estimate(2, 2, 2, 3), Bootstrap.Mean([2, 2, 2]));
        Assert.Throws<ArgumentException>(() => Bootstrap.Mean([]));
    }
}
