using System.Text.Json.Nodes;

namespace SaeNotebooks.Figures.Svg;

/// <summary>All bars of a figure, histograms included: side by side, stacked, or one over another.</summary>
internal sealed class BarMarks(TraceStyle[] traces, JsonNode? layout) : Marks
{
    private readonly record struct Bar(TraceStyle Trace, int Slot, double At, double From, double To, int Index)
    {
        public required double Value { get; init; }
        public string? Text { get; init; }
    }

    private readonly string _mode = layout.Text("barmode") ?? "group";
    private readonly bool _isHorizontal = traces.Any(t => t.Json.Text("orientation") == "h");
    private readonly ErrorBars[] _errors = [.. traces.Select(t => new ErrorBars(t.Json))];
    private List<Bar> _bars = [];
    private double _unit = 1;

    private bool IsSideBySide => _mode == "group" && traces.Length > 1;

    public override IEnumerable<LegendEntry> Legend => traces.Where(t => t.IsInLegend).Select(t => new LegendEntry(t.Name, t.Color, false, null));

    public override void Measure(AxisDomain x, AxisDomain y)
    {
        var (across, along) = _isHorizontal ? (y, x) : (x, y);
        along.StandsOnZero = true;
        var raw = traces.SelectMany((t, slot) => Read(t, across).Select((b, index) => (Trace: t, Slot: slot, b.At, b.Value, b.Text, Index: index)))
            .Where(b => double.IsFinite(b.At)).ToList();
        double[] places = [.. raw.Select(b => b.At).Distinct().Order()];
        if (places.Length > 1) _unit = places.Zip(places.Skip(1), (a, b) => b - a).Min();
        foreach (var b in raw.Where(b => double.IsFinite(along.Of(b.Value)))) along.Include(along.Of(b.Value));
        _bars = Stack(raw, along);
        foreach (var place in places) across.Include(place, 0.5 * _unit);
        foreach (var bar in _bars) { along.Include(bar.From); along.Include(bar.To); }
        if (_isHorizontal) return;
        foreach (var bar in _bars) _errors[bar.Slot].Measure(y, bar.Index, bar.Value);
    }

    public override (bool X, bool Y) IsTight => _isHorizontal ? (false, true) : (true, false);

    public override void Draw(SvgWriter svg, Axis x, Axis y)
    {
        var (across, along) = _isHorizontal ? (y, x) : (x, y);
        var gap = layout.Number("bargap") ?? (traces.Any(t => t.Kind == "histogram") ? 0.0 : 0.2);
        var width = _unit * (1 - gap) / (IsSideBySide ? traces.Length : 1);
        Func<int, string>[] colors = [.. traces.Select(t => t.MarkerColors())];
        foreach (var bar in _bars)
        {
            var left = bar.At + (IsSideBySide ? (bar.Slot - traces.Length / 2.0) * width : -width / 2);
            var (a, b) = Ordered(across.At(left), across.At(left + width));
            var (c, d) = Ordered(along.At(bar.From), along.At(bar.To));
            var (rx, ry, w, h) = _isHorizontal ? (c, a, d - c, b - a) : (a, c, b - a, d - c);
            svg.Rect(rx, ry, w, h, ("fill", colors[bar.Slot](bar.Index)), ("fill-opacity", bar.Trace.Opacity));
            if (!_isHorizontal) _errors[bar.Slot].Draw(svg, y, bar.Index, rx + w / 2, bar.Value, "currentColor");
            if (bar.Text is { Length: > 0 } text) Label(svg, text, (rx, ry, w, h), isUp: bar.To >= bar.From);
        }
    }

    private void Label(SvgWriter svg, string text, (double X, double Y, double W, double H) box, bool isUp)
    {
        if (_isHorizontal) svg.Text(text, isUp ? box.X + box.W + 4 : box.X - 4, box.Y + box.H / 2 + 4, ("font-size", 12), ("text-anchor", isUp ? "start" : "end"));
        else svg.Text(text, box.X + box.W / 2, isUp ? box.Y - 4 : box.Y + box.H + 13, ("font-size", 12), ("text-anchor", "middle"));
    }

    private List<Bar> Stack(List<(TraceStyle Trace, int Slot, double At, double Value, string? Text, int Index)> raw, AxisDomain along)
    {
        Dictionary<(double, bool), double> tops = [];
        List<Bar> bars = [];
        foreach (var b in raw.Where(b => double.IsFinite(b.Value)))
        {
            var key = (b.At, b.Value >= 0);
            var below = _mode is "stack" or "relative" ? tops.GetValueOrDefault(key) : 0;
            tops[key] = below + b.Value;
            var (from, to) = (below == 0 ? along.Base : along.Of(below), along.Of(below + b.Value));
            if (double.IsFinite(to)) bars.Add(new(b.Trace, b.Slot, b.At, from, to, b.Index) { Value = below + b.Value, Text = b.Text });
        }
        return bars;
    }

    private IEnumerable<(double At, double Value, string? Text)> Read(TraceStyle trace, AxisDomain across)
    {
        if (trace.Kind == "histogram") return Count(trace.Json, across);
        var (places, values, texts) = (trace.Json[_isHorizontal ? "y" : "x"] as JsonArray, trace.Json.Array(_isHorizontal ? "x" : "y"), trace.Json.Array("text"));
        return values.Select((v, i) => (places is null ? i : i < places.Count ? across.Of(places[i]) : double.NaN, JsonReading.AsNumber(v) ?? double.NaN,
            i < texts.Count ? PlotlyText.Plain(texts[i]?.ToString() ?? "") : null)).ToList();
    }

    private static List<(double At, double Value, string? Text)> Count(JsonObject trace, AxisDomain across)
    {
        double[] values = [.. trace.Array("x").Select(v => JsonReading.AsNumber(v)).OfType<double>()];
        if (values.Length == 0) return [];
        var (start, width, count) = trace.Number("xbins.size") is { } size && trace.Number("xbins.start") is { } first
            ? (first, size, (int)Math.Max(1, Math.Round(((trace.Number("xbins.end") ?? values.Max() + size) - first) / size)))
            : Bins.Round(values, (int)(trace.Number("nbinsx") ?? 30));
        var counts = new double[count];
        foreach (var bin in values.Select(v => (int)Math.Floor((v - start) / width + 1e-9)).Where(b => b >= 0 && b < count)) counts[bin]++;
        var whole = trace.Text("histnorm") switch { "probability" => values.Length, "percent" => values.Length / 100.0, _ => 1.0 };
        return [.. counts.Select((c, i) => (across.Of(start + (i + 0.5) * width), c / whole, (string?)null))];
    }

    private static (double, double) Ordered(double a, double b) => a <= b ? (a, b) : (b, a);
}
