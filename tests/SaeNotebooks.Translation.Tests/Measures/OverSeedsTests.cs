using SaeNotebooks.Translation.Measures;

namespace SaeNotebooks.Translation.Tests.Measures;

public class OverSeedsTests
{
    /// <summary>Five values 1 … 5: mean 3, standard deviation √2.5, standard error √0.5, and t = 2.776 for 4 degrees of freedom.</summary>
    [Fact]
    public void The_interval_is_Students()
    {
        var mean = OverSeeds.Mean([1, 2, 3, 4, 5]);
        Assert.Equal((3.0, 5), (mean.Value, mean.Count));
        Assert.Equal(3 - 2.776 * Math.Sqrt(0.5), mean.Low, 1e-9);
        Assert.Equal(3 + 2.776 * Math.Sqrt(0.5), mean.High, 1e-9);
    }

    [Fact]
    public void Differences_are_paired()
    {
        var difference = OverSeeds.Difference([10, 20, 30], [11, 21, 31]);
        Assert.Equal((1.0, 1.0, 1.0), (difference.Value, difference.Low, difference.High));
    }

    [Fact]
    public void One_value_has_no_spread_and_none_is_an_error()
    {
        Assert.Equal((7.0, 7.0), (OverSeeds.Mean([7]).Low, OverSeeds.Mean([7]).High));
        Assert.Throws<ArgumentException>(() => OverSeeds.Mean([]));
        Assert.Contains("same seeds", Assert.Throws<ArgumentException>(() => OverSeeds.Difference([1], [1, 2])).Message);
    }
}
