namespace SaeNotebooks.Translation.Measures;

/// <summary>Correlations of pairs.</summary>
public static class Correlation
{
    /// <summary>Pearson's; 0 where one side does not vary.</summary>
    /// <exception cref="ArgumentException">lengths differ</exception>
    public static double Of(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        if (x.Count != y.Count) throw new ArgumentException($"There are {x.Count} and {y.Count} values; a correlation is of pairs.", nameof(y));
        if (x.Count == 0) return 0;
        var (meanX, meanY) = (x.Average(), y.Average());
        var (xx, yy) = (x.Sum(v => (v - meanX) * (v - meanX)), y.Sum(v => (v - meanY) * (v - meanY)));
        return xx * yy <= 0 ? 0 : x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / Math.Sqrt(xx * yy);
    }

    /// <summary>Spearman's: Pearson's of the ranks, which ties share; 0 where one side does not vary.</summary>
    /// <inheritdoc cref="Of"/>
    public static double OfRanks(IReadOnlyList<double> x, IReadOnlyList<double> y) => Of(Ranks(x), Ranks(y));

    private static double[] Ranks(IReadOnlyList<double> values)
    {
        var ranks = new double[values.Count];
        var below = 0;
        foreach (var tied in values.Index().GroupBy(v => v.Item, v => v.Index).OrderBy(g => g.Key))
        {
            var same = tied.ToList();
            foreach (var i in same) ranks[i] = below + (same.Count - 1) / 2.0;
            below += same.Count;
        }
        return ranks;
    }
}
