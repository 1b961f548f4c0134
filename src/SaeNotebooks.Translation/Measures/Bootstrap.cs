using SaeNotebooks.Training.Corpus;

namespace SaeNotebooks.Translation.Measures;

/// <summary>Percentile bootstrap over cases (Efron 1979): seeded, so that the same cases give the same interval.</summary>
public static class Bootstrap
{
    private const int Resamples = 2000;

    /// <summary>The mean of values, one per case.</summary>
    /// <exception cref="ArgumentException">there are no cases</exception>
    public static Estimate Mean(IReadOnlyList<double> values, ulong seed = 0)
    {
        if (values.Count == 0) throw new ArgumentException("A mean of no cases has no interval; give at least one.", nameof(values));
        var rng = new Rng(seed);
        var means = new double[Resamples];
        for (var r = 0; r < Resamples; r++)
        {
            var sum = 0.0;
            for (var i = 0; i < values.Count; i++) sum += values[rng.Next(values.Count)];
            means[r] = sum / values.Count;
        }
        Array.Sort(means);
        return new(values.Average(), Quantile(means, 0.025), Quantile(means, 0.975), values.Count);
    }

    /// <summary>The share of cases in which something holds.</summary>
    public static Estimate Share(IEnumerable<bool> cases, ulong seed = 0) => Mean([.. cases.Select(c => c ? 1.0 : 0.0)], seed);

    /// <summary>The mean of <paramref name="after"/> − <paramref name="before"/>, paired by case.</summary>
    /// <exception cref="ArgumentException">lengths differ</exception>
    public static Estimate Difference(IReadOnlyList<bool> before, IReadOnlyList<bool> after, ulong seed = 0)
    {
        if (before.Count != after.Count)
            throw new ArgumentException($"There are {before.Count} cases before and {after.Count} after; they must be the same cases.", nameof(after));
        return Mean([.. before.Zip(after, (b, a) => (a ? 1.0 : 0.0) - (b ? 1.0 : 0.0))], seed);
    }

    // The nearest-rank quantile needs no rule for what lies between two resamples.
    private static double Quantile(double[] sorted, double share) => sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
}
