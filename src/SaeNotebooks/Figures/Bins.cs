namespace SaeNotebooks.Figures;

/// <summary>Round borders for numbers: histogram bins, and the two ends of a colour scale.</summary>
internal static class Bins
{
    /// <summary>About <paramref name="wanted"/> bins of a round width (1, 2 or 5 times a power of ten) that cover every value.</summary>
    public static (double Start, double Width, int Count) Round(IEnumerable<double> values, int wanted)
    {
        var (low, high) = (values.Min(), values.Max());
        var width = high > low ? RoundWidth((high - low) / wanted) : 1;
        var start = Math.Floor(low / width) * width;
        return (start, width, (int)Math.Floor((high - start) / width) + 1);
    }

    /// <summary>The 1, 2 or 5 times a power of ten that is nearest on a log scale.</summary>
    public static double RoundWidth(double raw)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var mantissa = raw / power;
        return power * (mantissa < 1.5 ? 1 : mantissa < 3.5 ? 2 : mantissa < 7.5 ? 5 : 10);
    }

    /// <summary>Ends of the colour scale: the range of the finite values, or as far below 0 as above.</summary>
    public static (double Low, double High) ColourRange(Grid values, Scale scale)
    {
        double[] finite = [.. values.ToArrays().SelectMany(r => r).Where(double.IsFinite)];
        var (low, high) = finite.Length == 0 ? (0, 1) : (finite.Min(), finite.Max());
        if (scale == Scale.Diverging) (low, high) = (-Math.Max(Math.Abs(low), Math.Abs(high)), Math.Max(Math.Abs(low), Math.Abs(high)));
        return high > low ? (low, high) : (low - 0.5, low + 0.5);
    }
}
