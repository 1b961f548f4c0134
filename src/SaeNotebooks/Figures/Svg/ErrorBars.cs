using System.Text.Json.Nodes;

namespace SaeNotebooks.Figures.Svg;

/// <summary>A trace's vertical error bars (<c>error_y.array</c>, in the units of the axis, above and below each value).</summary>
internal sealed class ErrorBars(JsonObject trace)
{
    private readonly double[] _sizes = [.. trace.Array("error_y.array").Select(v => JsonReading.AsNumber(v) ?? double.NaN)];

    public void Measure(AxisDomain y, int index, double value)
    {
        if (index >= _sizes.Length) return;
        y.Include(y.Of(value - _sizes[index]));
        y.Include(y.Of(value + _sizes[index]));
    }

    /// <summary>Draws the bar of the value at a place; <paramref name="x"/> in pixels.</summary>
    public void Draw(SvgWriter svg, Axis y, int index, double x, double value, string color)
    {
        if (index >= _sizes.Length || !double.IsFinite(_sizes[index])) return;
        var (low, high) = (y.Domain.Of(value - _sizes[index]), y.Domain.Of(value + _sizes[index]));
        if (!double.IsFinite(low + high)) return;
        svg.Line(x, y.At(low), x, y.At(high), ("stroke", color), ("stroke-width", 2));
        foreach (var end in new[] { low, high }) svg.Line(x - 4, y.At(end), x + 4, y.At(end), ("stroke", color), ("stroke-width", 2));
    }
}
