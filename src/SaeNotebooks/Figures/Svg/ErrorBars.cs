using System.Text.Json.Nodes;

namespace SaeNotebooks.Figures.Svg;

/// <summary>A trace's vertical error bars, in the units of the axis: <c>error_y.array</c> above each value, and <c>error_y.arrayminus</c> or as much below.</summary>
internal sealed class ErrorBars(JsonObject trace)
{
    private readonly double[] _above = Sizes(trace, "error_y.array");
    private readonly double[] _below = Sizes(trace, trace["error_y"]?["arrayminus"] is JsonArray ? "error_y.arrayminus" : "error_y.array");

    public void Measure(AxisDomain y, int index, double value)
    {
        if (Ends(index, value) is not var (low, high)) return;
        y.Include(y.Of(low));
        y.Include(y.Of(high));
    }

    /// <summary>Draws the bar of the value at a place; <paramref name="x"/> in pixels.</summary>
    public void Draw(SvgWriter svg, Axis y, int index, double x, double value, string color)
    {
        if (Ends(index, value) is not var (from, to)) return;
        var (low, high) = (y.Domain.Of(from), y.Domain.Of(to));
        if (!double.IsFinite(low + high)) return;
        svg.Line(x, y.At(low), x, y.At(high), ("stroke", color), ("stroke-width", 2));
        foreach (var end in new[] { low, high }) svg.Line(x - 4, y.At(end), x + 4, y.At(end), ("stroke", color), ("stroke-width", 2));
    }

    private (double Low, double High)? Ends(int index, double value) =>
        index < _above.Length && index < _below.Length && double.IsFinite(_above[index] + _below[index]) ? (value - _below[index], value + _above[index]) : null;

    private static double[] Sizes(JsonObject trace, string path) => [.. trace.Array(path).Select(v => JsonReading.AsNumber(v) ?? double.NaN)];
}
