using System.Text.Json.Nodes;

namespace SaeNotebooks.Figures.Svg;

/// <summary>Boxes from quartile to quartile with the median, whiskers to the last value within 1.5 box lengths, and outliers as dots.</summary>
internal sealed class BoxMarks(TraceStyle[] traces) : Marks
{
    private readonly record struct Box(double At, string Color, double[] Sorted);

    private List<Box> _boxes = [];

    public override void Measure(AxisDomain x, AxisDomain y)
    {
        _boxes = [.. traces.Select(t => new Box(x.Of((JsonNode)t.Json.Text("name")!), t.Color, Sorted(t.Json.Array("y"), y))).Where(b => b.Sorted.Length > 0)];
        foreach (var box in _boxes)
        {
            x.Include(box.At, 0.5);
            y.Include(box.Sorted[0]);
            y.Include(box.Sorted[^1]);
        }
    }

    public override (bool X, bool Y) IsTight => (true, false);

    public override void Draw(SvgWriter svg, Axis x, Axis y)
    {
        foreach (var (at, color, v) in _boxes)
        {
            var (low, middle, high) = (Quantile(v, 0.25), Quantile(v, 0.5), Quantile(v, 0.75));
            var reach = 1.5 * (high - low);
            var (bottom, top) = (v.First(n => n >= low - reach), v.Last(n => n <= high + reach));
            var (left, right, centre) = (x.At(at - 0.25), x.At(at + 0.25), x.At(at));
            svg.Line(centre, y.At(bottom), centre, y.At(low), ("stroke", color), ("stroke-width", 2));
            svg.Line(centre, y.At(high), centre, y.At(top), ("stroke", color), ("stroke-width", 2));
            foreach (var end in new[] { bottom, top }) svg.Line(x.At(at - 0.125), y.At(end), x.At(at + 0.125), y.At(end), ("stroke", color), ("stroke-width", 2));
            svg.Rect(left, y.At(high), right - left, y.At(low) - y.At(high), ("fill", color), ("fill-opacity", 0.5), ("stroke", color), ("stroke-width", 2));
            svg.Line(left, y.At(middle), right, y.At(middle), ("stroke", color), ("stroke-width", 2));
            foreach (var outlier in v.Where(n => n < bottom || n > top))
                svg.Add("circle", ("cx", centre), ("cy", y.At(outlier)), ("r", 3), ("fill", color));
        }
    }

    private static double[] Sorted(JsonArray values, AxisDomain axis) => [.. values.Select(axis.Of).Where(double.IsFinite).Order()];

    /// <summary>Plotly's default: values stand at the middles of equal steps, and what lies between is interpolated.</summary>
    private static double Quantile(double[] sorted, double share)
    {
        var at = Math.Clamp(share * sorted.Length - 0.5, 0, sorted.Length - 1);
        var below = (int)Math.Floor(at);
        return sorted[below] + (at - below) * (sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below]);
    }
}
