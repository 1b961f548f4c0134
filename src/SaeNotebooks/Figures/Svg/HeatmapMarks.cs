using System.Text.Json.Nodes;

namespace SaeNotebooks.Figures.Svg;

/// <summary>The cells of a heat map, with texts that fit and are legible on their colour.</summary>
internal sealed class HeatmapMarks(TraceStyle trace) : Marks
{
    private readonly JsonObject _json = trace.Json;
    private readonly double[][] _z = [.. trace.Json.Array("z").OfType<JsonArray>().Select(r => r.Select(v => JsonReading.AsNumber(v) ?? double.NaN).ToArray())];
    private double[] _x = [], _y = [];

    private ColorScale Scale => ColorScale.Read(_json, "z", _z.SelectMany(r => r));

    public override (bool X, bool Y) IsTight => (true, true);

    public override (ColorScale Scale, string Title)? ColorBar =>
        _json.Truth("showscale") ?? true ? (Scale, _json.Text("colorbar.title.text") ?? _json.Text("colorbar.title") ?? "") : null;

    public override void Measure(AxisDomain x, AxisDomain y)
    {
        _x = Places(x, "x", _z.Length == 0 ? 0 : _z.Max(r => r.Length));
        _y = Places(y, "y", _z.Length);
        foreach (var at in _x) x.Include(at, Unit(_x) / 2);
        foreach (var at in _y) y.Include(at, Unit(_y) / 2);
    }

    public override void Draw(SvgWriter svg, Axis x, Axis y)
    {
        var (width, height) = (x.Scale * Unit(_x), y.Scale * Unit(_y));
        var gap = Math.Min(_json.Number("xgap") ?? 0, Math.Min(width, height) / 4);
        var scale = Scale;
        var texts = _json.Array("text");
        var size = TextSize(texts, width, height);
        for (var row = 0; row < _z.Length; row++)
            for (var column = 0; column < _z[row].Length; column++)
            {
                if (!double.IsFinite(_z[row][column])) continue;
                var (at, top) = (x.At(_x[column]), y.At(_y[row]));
                var color = scale.Of(_z[row][column]);
                svg.Rect(at - width / 2 + gap / 2, top - height / 2 + gap / 2, width - gap, height - gap, ("fill", color), ("fill-opacity", trace.Opacity));
                if (size >= 6 && CellText(texts, row, column) is { Length: > 0 } text)
                    svg.Text(text, at, top + size * 0.36, ("font-size", size), ("text-anchor", "middle"), ("fill", color.Ink));
            }
    }

    /// <summary>The largest size at which the longest text fits its cell, at most 13.</summary>
    private static double TextSize(JsonArray texts, double width, double height)
    {
        var longest = texts.OfType<JsonArray>().SelectMany(r => r).Select(t => TextWidth.Of(PlotlyText.Plain(t?.ToString() ?? ""), 1)).DefaultIfEmpty(0).Max();
        return longest == 0 ? 0 : Math.Min(13, Math.Min(height * 0.75, (width - 6) / longest));
    }

    private static string? CellText(JsonArray texts, int row, int column) =>
        row < texts.Count && texts[row] is JsonArray line && column < line.Count ? PlotlyText.Plain(line[column]?.ToString() ?? "") : null;

    private double[] Places(AxisDomain axis, string name, int count) =>
        _json[name] is JsonArray given && given.Count >= count ? [.. given.Take(count).Select(axis.Of)] : [.. Enumerable.Range(0, count).Select(i => (double)i)];

    private static double Unit(double[] places) => places.Length > 1 ? Math.Abs(places[1] - places[0]) : 1;
}
