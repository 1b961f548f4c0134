using SaeNotebooks.Training.Corpus;

namespace SaeNotebooks.Translation.Measures.Testing;

/// <summary>Two-sided tests of whether the same cases differ before and after. Deterministic.</summary>
public static class PairedTests
{
    // 2^16 signs are counted out in a few milliseconds; beyond, they are drawn.
    private const int ExactSignFlips = 16, ExactRanks = 50;

    /// <summary>McNemar's test in its exact form: of the cases that changed, are as many gained as lost? Binomial, two-sided.</summary>
    /// <param name="before">whether something held in each case</param>
    /// <param name="after">the same cases</param>
    /// <returns>p; 1 if no case changed</returns>
    public static double McNemar(IReadOnlyList<bool> before, IReadOnlyList<bool> after)
    {
        RequireSame(before.Count, after.Count);
        var gained = before.Zip(after).Count(c => !c.First && c.Second);
        var lost = before.Zip(after).Count(c => c.First && !c.Second);
        return Math.Min(1, 2 * BinomialTail(Math.Min(gained, lost), gained + lost));
    }

    /// <summary>The sign-flip permutation test of the mean: how often a mean as far from 0 comes about when every difference has a random sign. All signs
    /// for up to 16 differences that are not 0, else a seeded draw in which the data count as one (Phipson and Smyth 2010).</summary>
    /// <param name="differences">after − before, by case</param>
    /// <param name="draws">how many sets of signs are drawn</param>
    /// <param name="seed">of the draw</param>
    public static double SignFlip(IReadOnlyList<double> differences, int draws = 9999, ulong seed = 0)
    {
        var moved = differences.Where(d => d != 0).ToArray();
        if (moved.Length == 0) return 1;
        // Sums that differ by rounding alone are equal.
        var observed = Math.Abs(moved.Sum()) - 1e-12 * moved.Sum(Math.Abs);
        if (moved.Length <= ExactSignFlips)
        {
            var all = 1 << moved.Length;
            return Enumerable.Range(0, all).Count(signs => Math.Abs(moved.Index().Sum(d => (signs >> d.Index & 1) == 0 ? d.Item : -d.Item)) >= observed) / (double)all;
        }
        var (rng, extreme) = (new Rng(seed), 0);
        for (var draw = 0; draw < draws; draw++)
            if (Math.Abs(Flipped(moved, rng)) >= observed) extreme++;
        return (extreme + 1.0) / (draws + 1);
    }

    /// <summary>Wilcoxon's signed-rank test (1945); differences of 0 are left out, ties share their ranks. Exact for up to 50 differences without ties, else
    /// the normal approximation with the correction for ties, without that for continuity.</summary>
    /// <param name="differences">after − before, by case</param>
    public static double Wilcoxon(IReadOnlyList<double> differences)
    {
        var moved = differences.Where(d => d != 0).OrderBy(Math.Abs).ToArray();
        if (moved.Length == 0) return 1;
        var (ranks, ties) = Ranks(moved);
        var (positive, n) = (moved.Index().Where(d => d.Item > 0).Sum(d => ranks[d.Index]), moved.Length);
        if (ties == 0 && n <= ExactRanks) return ExactRank((int)Math.Min(positive, n * (n + 1) / 2.0 - positive), n);
        var variance = n * (n + 1.0) * (2 * n + 1) / 24 - ties / 48.0;
        return variance <= 0 ? 1 : 2 * Normal.Below(-Math.Abs(positive - n * (n + 1) / 4.0) / Math.Sqrt(variance));
    }

    private static double Flipped(double[] moved, Rng rng)
    {
        var (sum, bits) = (0.0, 0UL);
        for (var i = 0; i < moved.Length; i++)
        {
            if (i % 64 == 0) bits = rng.NextBits();
            sum += (bits >> (i % 64) & 1) == 0 ? moved[i] : -moved[i];
        }
        return sum;
    }

    /// <summary>P(X ≤ k) for X of n tosses of a fair coin.</summary>
    private static double BinomialTail(int k, int n)
    {
        var (term, sum) = (-n * Math.Log(2), 0.0); // of log C(n, i) / 2^n
        for (var i = 0; i <= k; i++)
        {
            sum += Math.Exp(term);
            term += Math.Log(n - i) - Math.Log(i + 1);
        }
        return sum;
    }

    /// <summary>Ranks of magnitudes in ascending order, and Σ (t³ − t) over groups of t ties.</summary>
    private static (double[] Ranks, double Ties) Ranks(double[] ordered)
    {
        var (ranks, ties) = (new double[ordered.Length], 0.0);
        for (var from = 0; from < ordered.Length;)
        {
            var to = from + 1;
            while (to < ordered.Length && Math.Abs(ordered[to]) == Math.Abs(ordered[from])) to++;
            for (var i = from; i < to; i++) ranks[i] = (from + 1 + to) / 2.0;
            double t = to - from;
            ties += t * t * t - t;
            from = to;
        }
        return (ranks, ties);
    }

    /// <summary>Twice the share of the 2ⁿ choices of positive ranks whose sum is at most w.</summary>
    private static double ExactRank(int w, int n)
    {
        var ways = new double[n * (n + 1) / 2 + 1];
        ways[0] = 1;
        for (var rank = 1; rank <= n; rank++)
            for (var sum = ways.Length - 1; sum >= rank; sum--) ways[sum] += ways[sum - rank];
        return Math.Min(1, 2 * ways.Take(w + 1).Sum() / Math.Pow(2, n));
    }

    private static void RequireSame(int before, int after)
    {
        if (before != after) throw new ArgumentException($"There are {before} cases before and {after} after; they must be the same cases.", nameof(after));
    }
}
