using System.Globalization;

namespace SaeNotebooks.Figures.Svg;

/// <summary>A mark on an axis: where (in the axis's own coordinates) and what it says.</summary>
internal readonly record struct Tick(double At, string Label)
{
    public string[] Lines => Label.Split('\n');
}

/// <summary>Round tick positions for linear and logarithmic axes.</summary>
internal static class Ticks
{
    /// <summary>Ticks at multiples of a round step, about <paramref name="wanted"/> of them.</summary>
    public static Tick[] Linear(double low, double high, int wanted) => Every(Bins.RoundWidth((high - low) / Math.Max(1, wanted)), low, high);

    /// <summary>Ticks at multiples of a step.</summary>
    public static Tick[] Every(double step, double low, double high)
    {
        var first = (long)Math.Ceiling(low / step - 1e-9);
        var last = (long)Math.Floor(high / step + 1e-9);
        return [.. Enumerable.Range(0, (int)Math.Clamp(last - first + 1, 0, 200)).Select(i => new Tick((first + i) * step, Format((first + i) * step, step)))];
    }

    /// <summary>Ticks at powers of ten, with 2 and 5 times them where few powers are in sight; positions are exponents.</summary>
    public static Tick[] Log(double low, double high)
    {
        double[] factors = high - low < 2 ? [1, 2, 5] : [1];
        var every = Math.Max(1, (int)Math.Ceiling((high - low) / 8));
        return [.. from power in Enumerable.Range((int)Math.Floor(low), (int)Math.Min(400, Math.Ceiling(high) - Math.Floor(low) + 1))
                   where power % every == 0
                   from factor in factors
                   let at = power + Math.Log10(factor)
                   where at >= low - 1e-9 && at <= high + 1e-9
                   select new Tick(at, Format(factor * Math.Pow(10, power), factor * Math.Pow(10, power)))];
    }

    /// <summary>A number with as many decimals as the step between ticks needs, thousands as k, M, G.</summary>
    public static string Format(double value, double step)
    {
        if (Math.Abs(value) < step * 1e-6) return "0";
        var (divisor, suffix) = Math.Abs(value) switch { >= 1e9 => (1e9, "G"), >= 1e6 => (1e6, "M"), >= 1e4 => (1e3, "k"), _ => (1, "") };
        if (Math.Abs(value) >= 1e13 || step < 1e-6) return value.ToString("0.###e0", CultureInfo.InvariantCulture).Replace('-', '−');
        var decimals = Math.Clamp((int)Math.Ceiling(-Math.Log10(step / divisor) - 1e-9), 0, 9);
        return (value / divisor).ToString("F" + decimals, CultureInfo.InvariantCulture).Replace('-', '−') + suffix;
    }
}
