namespace SaeNotebooks.Translation.Measures.Testing;

/// <summary>What McNemar's test can find (Connor 1987, normal approximation).</summary>
public static class Power
{
    /// <summary>The chance that the test finds a change.</summary>
    /// <param name="cases">paired cases</param>
    /// <param name="gained">share of cases that go from not holding to holding</param>
    /// <param name="lost">share of cases that go the other way</param>
    /// <param name="alpha">level, already divided by the number of tests</param>
    public static double OfMcNemar(int cases, double gained, double lost, double alpha)
    {
        var (difference, changed) = (Math.Abs(gained - lost), gained + lost);
        if (difference == 0) return alpha;
        var spread = changed - difference * difference;
        var threshold = -Normal.Quantile(alpha / 2) * Math.Sqrt(changed);
        return spread <= 0 ? (difference * Math.Sqrt(cases) > threshold ? 1 : 0) : Normal.Below((difference * Math.Sqrt(cases) - threshold) / Math.Sqrt(spread));
    }

    /// <summary>The smallest change of a share that is found with a given chance, if so many cases also change to and fro by themselves.</summary>
    /// <param name="cases">paired cases</param>
    /// <param name="alpha">level, already divided by the number of tests</param>
    /// <param name="noise">share of cases that change against the trend</param>
    /// <param name="chance">the chance wanted</param>
    /// <returns>from 0 to 1; NaN if even a change of everything would not be found</returns>
    public static double DetectableChange(int cases, double alpha, double noise = 0, double chance = 0.8)
    {
        double Of(double change) => OfMcNemar(cases, noise + change, noise, alpha);
        var most = 1 - 2 * noise;
        if (cases == 0 || most <= 0 || Of(most) < chance) return double.NaN;
        var (low, high) = (0.0, most);
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            if (Of(middle) < chance) low = middle;
            else high = middle;
        }
        return high;
    }
}
