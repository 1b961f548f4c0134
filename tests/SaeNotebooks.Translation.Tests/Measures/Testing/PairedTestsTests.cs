using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Translation.Measures;
using SaeNotebooks.Translation.Measures.Testing;

namespace SaeNotebooks.Translation.Tests.Measures.Testing;

public class PairedTestsTests
{
    [Theory]
    [InlineData(5, 0, 0.0625)] // 2 / 2⁵
    [InlineData(1, 8, 2 * (1 + 9) / 512.0)]
    [InlineData(3, 3, 1)]
    [InlineData(0, 0, 1)]
    public void McNemar_is_a_binomial_test_of_the_cases_that_changed(int gained, int lost, double p)
    {
        bool[] before = [.. Enumerable.Repeat(false, gained), .. Enumerable.Repeat(true, lost), true, true, false];
        bool[] after = [.. Enumerable.Repeat(true, gained), .. Enumerable.Repeat(false, lost), true, true, false];
        Assert.Equal(p, PairedTests.McNemar(before, after), 1e-12);
    }

    [Fact]
    public void McNemar_wants_the_same_cases() => Assert.Throws<ArgumentException>(() => PairedTests.McNemar([true], [true, false]));

    [Fact]
    public void Sign_flips_of_three_differences_are_counted_out()
    {
        Assert.Equal(2 / 8.0, PairedTests.SignFlip([1, 2, 3]));   // only all plus and all minus reach 6
        Assert.Equal(4 / 8.0, PairedTests.SignFlip([-1, 2, 3]));  // ±4 and ±6
        Assert.Equal(1, PairedTests.SignFlip([0, 0]));
    }

    [Fact]
    public void Drawn_sign_flips_agree_with_all_of_them()
    {
        var rng = new Rng(4);
        double[] few = [.. Enumerable.Range(0, 14).Select(_ => rng.NextDouble() - 0.3)];
        double[] padded = [.. few, 1e-9, -1e-9, 1e-9]; // 17 differences are drawn, though the last three decide nothing
        Assert.Equal(PairedTests.SignFlip(few), PairedTests.SignFlip(padded, draws: 40_000), 0.01);
    }

    [Fact]
    public void Wilcoxon_sums_ranks()
    {
        // All 6 positive: W⁻ = 0, p = 2 / 2⁶. One negative of rank 1: W⁻ = 1, and 2 of 64 choices reach it on one side.
        Assert.Equal(2 / 64.0, PairedTests.Wilcoxon([1, 2, 3, 4, 5, 6]), 1e-12);
        Assert.Equal(4 / 64.0, PairedTests.Wilcoxon([-1, 2, 3, 4, 5, 6, 0]), 1e-12);
        Assert.Equal(1, PairedTests.Wilcoxon([0, 0, 0]));
        Assert.Equal(1, PairedTests.Wilcoxon([1, -1]), 1e-12);
    }

    [Fact]
    public void Wilcoxon_of_ties_is_normal()
    {
        // 12 differences of one size, 10 positive: W⁺ = 10 · 6.5 = 65, mean 39, variance 12·13·25/24 − (12³ − 12)/48 = 162.5 − 35.75.
        double[] differences = [.. Enumerable.Repeat(1.0, 10), -1, -1];
        var z = (65 - 39) / Math.Sqrt(162.5 - 35.75);
        Assert.Equal(2 * (1 - Phi(z)), PairedTests.Wilcoxon(differences), 1e-7);
    }

    [Fact]
    public void Holm_and_Benjamini_Hochberg_by_hand()
    {
        double[] p = [0.01, 0.04, 0.03, 0.005];
        double[] holm = [0.03, 0.06, 0.06, 0.02], fdr = [0.02, 0.04, 0.04, 0.02];
        foreach (var i in Enumerable.Range(0, 4))
        {
            Assert.Equal(holm[i], MultipleTests.Holm(p)[i], 1e-12);
            Assert.Equal(fdr[i], MultipleTests.BenjaminiHochberg(p)[i], 1e-12);
        }
        Assert.Equal([1, 1], MultipleTests.Holm([0.9, 0.8]));
        Assert.Empty(MultipleTests.Holm([]));
        Assert.Throws<ArgumentException>(() => MultipleTests.Holm([double.NaN]));
    }

    [Fact]
    public void Power_is_the_share_of_simulated_studies_that_find_the_change()
    {
        const int Cases = 120, Studies = 2000;
        const double Gained = 0.12, Lost = 0.02, Alpha = 0.05;
        var (rng, found) = (new Rng(8), 0);
        for (var study = 0; study < Studies; study++)
        {
            var draws = Enumerable.Range(0, Cases).Select(_ => rng.NextDouble()).ToList();
            bool[] before = [.. draws.Select(d => d is >= Gained and < Gained + Lost)], after = [.. draws.Select(d => d < Gained)];
            if (PairedTests.McNemar(before, after) < Alpha) found++;
        }
        // The exact test is more careful than the approximation, by a few points at this size.
        Assert.InRange(Power.OfMcNemar(Cases, Gained, Lost, Alpha) - (double)found / Studies, -0.03, 0.12);
        var detectable = Power.DetectableChange(Cases, Alpha, noise: 0.02);
        Assert.Equal(0.8, Power.OfMcNemar(Cases, 0.02 + detectable, 0.02, Alpha), 1e-6);
        Assert.True(double.IsNaN(Power.DetectableChange(2, 1e-9)));
    }

    [Fact]
    public void Correlations_by_hand()
    {
        Assert.Equal(0.5, Correlation.Of([1, 2, 3], [1, 3, 2]), 1e-12);
        Assert.Equal(1, Correlation.OfRanks([1, 2, 300], [-5, 0, 1]), 1e-12);
        Assert.Equal(Math.Sqrt(0.75), Correlation.OfRanks([1, 2, 3], [4, 4, 9]), 1e-12); // ranks ½, ½, 2
        Assert.Equal(0, Correlation.Of([1, 1], [2, 3]));
        Assert.Throws<ArgumentException>(() => Correlation.Of([1], [1, 2]));
    }

    /// <summary>By Simpson's rule, which shares nothing with the code.</summary>
    private static double Phi(double z)
    {
        const int Steps = 2000;
        double F(int i) => Math.Exp(-Math.Pow(z * i / Steps, 2) / 2);
        var sum = F(0) + F(Steps) + Enumerable.Range(1, Steps - 1).Sum(i => (i % 2 == 0 ? 2 : 4) * F(i));
        return 0.5 + sum * z / Steps / 3 / Math.Sqrt(2 * Math.PI);
    }
}
