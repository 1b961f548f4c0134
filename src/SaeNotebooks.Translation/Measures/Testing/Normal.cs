namespace SaeNotebooks.Translation.Measures.Testing;

/// <summary>The standard normal distribution.</summary>
internal static class Normal
{
    /// <summary>P(X ≤ z): ½ erfc(−z / √2), by the continued fraction in the tails and the series in the middle (Abramowitz and Stegun 7.1.5, 7.1.14).</summary>
    public static double Below(double z)
    {
        var x = Math.Abs(z) / Math.Sqrt(2);
        var upper = x < 2.5 ? 1 - Erf(x) : Erfc(x);
        return z < 0 ? upper / 2 : 1 - upper / 2;
    }

    /// <summary>The z with P(X ≤ z) = p, by bisection.</summary>
    public static double Quantile(double p)
    {
        var (low, high) = (-40.0, 40.0);
        for (var i = 0; i < 200; i++)
        {
            var middle = (low + high) / 2;
            if (Below(middle) < p) low = middle;
            else high = middle;
        }
        return (low + high) / 2;
    }

    private static double Erf(double x)
    {
        var (term, sum) = (x, x);
        for (var n = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum) && n < 200; n++)
        {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }
        return 2 / Math.Sqrt(Math.PI) * sum;
    }

    private static double Erfc(double x)
    {
        var fraction = x;
        for (var n = 80; n >= 1; n--) fraction = x + n / 2.0 / fraction;
        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / fraction;
    }
}
