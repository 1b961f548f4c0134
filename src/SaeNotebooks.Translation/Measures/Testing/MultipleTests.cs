namespace SaeNotebooks.Translation.Measures.Testing;

/// <summary>Corrects p-values for the number of tests.</summary>
public static class MultipleTests
{
    /// <summary>Holm's step-down adjustment (1979): at most α of any false finding among those below α.</summary>
    /// <returns>adjusted values in the order of the given ones</returns>
    public static IReadOnlyList<double> Holm(IReadOnlyList<double> p)
    {
        var (adjusted, running) = (new double[p.Count], 0.0);
        foreach (var (rank, i) in Ascending(p).Index()) adjusted[i] = running = Math.Max(running, Math.Min(1, (p.Count - rank) * p[i]));
        return adjusted;
    }

    /// <summary>Benjamini and Hochberg's step-up adjustment (1995): of those below α, at most a share of α is false on average.</summary>
    /// <returns>adjusted values in the order of the given ones</returns>
    public static IReadOnlyList<double> BenjaminiHochberg(IReadOnlyList<double> p)
    {
        var (adjusted, running, order) = (new double[p.Count], 1.0, Ascending(p));
        for (var rank = p.Count; rank >= 1; rank--) adjusted[order[rank - 1]] = running = Math.Min(running, p[order[rank - 1]] * p.Count / rank);
        return adjusted;
    }

    private static int[] Ascending(IReadOnlyList<double> p)
    {
        if (p.Any(double.IsNaN)) throw new ArgumentException("A p-value is not a number; a test of no cases has none.", nameof(p));
        return [.. Enumerable.Range(0, p.Count).OrderBy(i => p[i])];
    }
}
