namespace SaeNotebooks.Translation.Measures;

/// <summary>Means over a few runs that differ in their seed: Student's interval, for the bootstrap has too few values to draw from.</summary>
public static class OverSeeds
{
    /// <summary>97.5 % quantiles of Student's t for 1 to 10 degrees of freedom, then 15, 20, 30.</summary>
    private static readonly (int Freedom, double Quantile)[] Student =
    [
        (1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (5, 2.571), (6, 2.447), (7, 2.365), (8, 2.306), (9, 2.262), (10, 2.228), (15, 2.131), (20, 2.086), (30, 2.042),
    ];

    /// <summary>The mean with its 95 % interval; of a single value the interval is the value.</summary>
    /// <exception cref="ArgumentException">there are no values</exception>
    public static Estimate Mean(IReadOnlyList<double> values)
    {
        if (values.Count == 0) throw new ArgumentException("A mean of no runs has no interval; give at least one.", nameof(values));
        var mean = values.Average();
        if (values.Count == 1) return new(mean, mean, mean, 1);
        var error = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1) / values.Count);
        var t = Student.Last(s => s.Freedom <= values.Count - 1).Quantile; // between two entries the wider interval
        return new(mean, mean - t * error, mean + t * error, values.Count);
    }

    /// <summary>The mean of <paramref name="after"/> − <paramref name="before"/>, paired by seed.</summary>
    /// <exception cref="ArgumentException">lengths differ, or there are no values</exception>
    public static Estimate Difference(IReadOnlyList<double> before, IReadOnlyList<double> after) =>
        before.Count == after.Count ? Mean([.. before.Zip(after, (b, a) => a - b)])
        : throw new ArgumentException($"There are {before.Count} runs before and {after.Count} after; they must have the same seeds.", nameof(after));
}
