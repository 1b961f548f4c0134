using System.Text;
using System.Text.Json.Nodes;

namespace SaeNotebooks.Figures.Svg;

/// <summary>Lines and points of one scatter trace.</summary>
internal sealed class ScatterMarks(TraceStyle trace) : Marks
{
    private readonly JsonObject _json = trace.Json;
    private readonly ErrorBars _errors = new(trace.Json);
    private readonly double[] _values = [.. trace.Json.Array("y").Select(v => JsonReading.AsNumber(v) ?? double.NaN)];
    private (double X, double Y)[] _points = [];

    private string Mode => _json.Text("mode") ?? (_json.Array("y").Count < 20 ? "lines+markers" : "lines");
    private bool HasLine => Mode.Contains("lines", StringComparison.Ordinal);
    private bool HasMarkers => Mode.Contains("markers", StringComparison.Ordinal);
    private string LineColor => _json.Text("line.color") ?? trace.Color;

    public override (bool X, bool Y) IsTight => (HasLine && !HasMarkers, false);

    public override IEnumerable<LegendEntry> Legend =>
        trace.IsInLegend ? [new(trace.Name, HasLine ? LineColor : trace.Color, HasLine, HasLine ? Dash : null)] : [];

    public override void Measure(AxisDomain x, AxisDomain y)
    {
        var ys = _json.Array("y");
        var xs = _json["x"] as JsonArray;
        _points = [.. Enumerable.Range(0, ys.Count).Select(i => (xs is null ? x.Of(i) : i < xs.Count ? x.Of(xs[i]) : double.NaN, y.Of(ys[i])))];
        foreach (var (px, py) in _points.Where(p => double.IsFinite(p.X + p.Y)))
        {
            x.Include(px);
            y.Include(py);
        }
        for (var i = 0; i < _values.Length; i++) _errors.Measure(y, i, _values[i]);
    }

    public override void Draw(SvgWriter svg, Axis x, Axis y)
    {
        if (HasLine)
            svg.Add("path", ("d", LinePath(x, y)), ("fill", "none"), ("stroke", LineColor), ("stroke-width", _json.Number("line.width") ?? 2),
                ("stroke-linejoin", "round"), ("stroke-linecap", "round"), ("stroke-dasharray", Dash), ("opacity", trace.Opacity));
        for (var i = 0; i < _points.Length; i++)
            if (double.IsFinite(_points[i].X)) _errors.Draw(svg, y, i, x.At(_points[i].X), _values[i], LineColor);
        if (HasMarkers) DrawMarkers(svg, x, y);
    }

    /// <summary>Points of one colour are one path of dots (zero-length strokes with round ends), a tenth of the size of circles.</summary>
    private void DrawMarkers(SvgWriter svg, Axis x, Axis y)
    {
        var colors = trace.MarkerColors();
        var opacity = trace.Opacity * (_json.Number("marker.opacity") ?? 1);
        foreach (var group in _points.Select((p, i) => (p.X, p.Y, Color: colors(i))).Where(p => double.IsFinite(p.X + p.Y)).GroupBy(p => p.Color))
        {
            var path = string.Concat(group.Select(p => $"M{SvgWriter.Number(x.At(p.X))} {SvgWriter.Number(y.At(p.Y))}h0"));
            svg.Add("path", ("d", path), ("stroke", group.Key), ("stroke-width", _json.Number("marker.size") ?? 6), ("stroke-linecap", "round"),
                ("stroke-opacity", opacity));
        }
    }

    private string? Dash => _json.Text("line.dash") switch
    {
        "dot" => "1 5", "dash" => "9 6", "longdash" => "14 7", "dashdot" => "9 5 1 5", _ => null,
    };

    private string LinePath(Axis x, Axis y)
    {
        var path = new StringBuilder();
        var pen = 'M';
        foreach (var (px, py) in _points)
        {
            if (!double.IsFinite(px + py)) { pen = 'M'; continue; }
            path.Append(pen).Append(SvgWriter.Number(x.At(px))).Append(' ').Append(SvgWriter.Number(y.At(py)));
            pen = 'L';
        }
        return path.ToString();
    }
}
