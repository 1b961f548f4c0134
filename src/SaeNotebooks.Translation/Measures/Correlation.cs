namespace SaeNotebooks.Translation.Measures;

/// <summary>Pearson's correlation.</summary>
public static class Correlation
{
    /// <summary>Of pairs; 0 where one side does not vary.</summary>
    /// <exception cref="ArgumentException">lengths differ</exception>
    public static double Of(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        if (x.Count != y.Count) throw new ArgumentException($"There are {x.Count} and {y.Count} values; a correlation is of pairs.", nameof(y));
        if (x.Count == 0) return 0;
        var (meanX, meanY) = (x.Average(), y.Average());
        var (xx, yy) = (x.Sum(v => (v - meanX) * (v - meanX)), y.Sum(v => (v - meanY) * (v - meanY)));
        return xx * yy <= 0 ? 0 : x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / Math.Sqrt(xx * yy);
    }
}
