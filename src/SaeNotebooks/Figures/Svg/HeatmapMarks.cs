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
        foreach (var shade in Cells().GroupBy(c => c.Color))
        {
            // All cells of a shade are one path of strokes as wide as a row: a fifth of the size of rectangles.
            var strokes = string.Concat(shade.Select(c => $"M{SvgWriter.Number(x.At(_x[c.Column]) - (width - gap) / 2)} {SvgWriter.Number(y.At(_y[c.Row]))}h{SvgWriter.Number(width - gap)}"));
            svg.Add("path", ("d", strokes), ("stroke", shade.Key), ("stroke-width", height - gap), ("stroke-opacity", trace.Opacity),
                ("shape-rendering", gap == 0 ? "crispEdges" : null)); // cells that touch would show hairlines between them
        }
        DrawTexts(svg, x, y, (width, height));
    }

    /// <summary>The cells that have a value, in 257 shades, one of them the middle.</summary>
    private IEnumerable<(int Row, int Column, Rgb Color)> Cells()
    {
        var scale = Scale;
        var step = (scale.High - scale.Low) / 256;
        return from row in Enumerable.Range(0, _z.Length)
               from column in Enumerable.Range(0, _z[row].Length)
               where double.IsFinite(_z[row][column])
               select (row, column, scale.Of(scale.Low + Math.Round((_z[row][column] - scale.Low) / step) * step));
    }

    private void DrawTexts(SvgWriter svg, Axis x, Axis y, (double Width, double Height) cell)
    {
        var texts = _json.Array("text");
        var size = TextSize(texts, cell.Width, cell.Height);
        if (size < 6) return;
        foreach (var (row, column, color) in Cells())
            if (CellText(texts, row, column) is { Length: > 0 } text)
                svg.Text(text, x.At(_x[column]), y.At(_y[row]) + size * 0.36, ("font-size", size), ("text-anchor", "middle"), ("fill", color.Ink));
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
