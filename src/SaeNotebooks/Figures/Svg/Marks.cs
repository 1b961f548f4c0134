using System.Text.Json.Nodes;

namespace SaeNotebooks.Figures.Svg;

/// <summary>An entry of the legend.</summary>
internal sealed record LegendEntry(string Name, string Color, bool IsLine, string? Dash);

/// <summary>What a trace, or a group of traces drawn together, puts into the plot area.</summary>
internal abstract class Marks
{
    public abstract void Measure(AxisDomain x, AxisDomain y);

    public abstract void Draw(SvgWriter svg, Axis x, Axis y);

    /// <summary>Whether the data fill the axes to the edge, as cells and lines over steps do.</summary>
    public virtual (bool X, bool Y) IsTight => (false, false);

    public virtual IEnumerable<LegendEntry> Legend => [];

    public virtual (ColorScale Scale, string Title)? ColorBar => null;

    /// <summary>The marks of all traces, those that are laid out together (bars) as one.</summary>
    public static List<Marks> Of(JsonArray traces, JsonNode? layout)
    {
        TraceStyle[] all = [.. traces.OfType<JsonObject>().Select((t, i) => new TraceStyle(t, i, layout)).Where(t => t.IsVisible)];
        List<Marks> marks = [];
        foreach (var heatmap in all.Where(t => t.Kind == "heatmap")) marks.Add(new HeatmapMarks(heatmap));
        if (all.Where(t => t.Kind is "bar" or "histogram").ToArray() is { Length: > 0 } bars) marks.Add(new BarMarks(bars, layout));
        if (all.Where(t => t.Kind == "box").ToArray() is { Length: > 0 } boxes) marks.Add(new BoxMarks(boxes));
        foreach (var scatter in all.Where(t => t.Kind is "scatter" or "scattergl")) marks.Add(new ScatterMarks(scatter));
        return marks;
    }

    /// <summary>The kinds of trace that only plotly draws.</summary>
    public static string[] Undrawn(JsonArray traces) => [.. traces.Select(t => t.Text("type") ?? "scatter").Distinct()
        .Where(k => k is not ("heatmap" or "bar" or "histogram" or "box" or "scatter" or "scattergl"))];
}

/// <summary>What every kind of trace has: kind, name, colour, opacity.</summary>
internal sealed class TraceStyle(JsonObject json, int index, JsonNode? layout)
{
    public JsonObject Json { get; } = json;
    public string Kind { get; } = json.Text("type") ?? "scatter";
    public string Name { get; } = PlotlyText.Plain(json.Text("name") ?? $"trace {index}");
    public double Opacity { get; } = json.Number("opacity") ?? 1;
    public bool IsVisible { get; } = json.Truth("visible") ?? json.Text("visible") is null;
    public bool IsInLegend { get; } = json.Truth("showlegend") ?? true;
    public string Color { get; } = json.Text("marker.color") ?? json.Text("line.color") ?? Cycle(layout, index);

    /// <summary>The colour of each mark: where <c>marker.color</c> is a list, its names, or its numbers on the marker's colour scale; else the trace's.</summary>
    public Func<int, string> MarkerColors()
    {
        if (Json["marker"]?["color"] is not JsonArray { Count: > 0 } colors) return _ => Color;
        if (colors.Any(c => JsonReading.AsNumber(c) is not null))
        {
            var scale = ColorScale.Read(Json["marker"], "c", colors.Select(c => JsonReading.AsNumber(c) ?? double.NaN));
            return i => i < colors.Count && JsonReading.AsNumber(colors[i]) is { } value ? scale.Of(value).ToString() : Color;
        }
        return i => i < colors.Count ? colors[i]?.ToString() ?? Color : Color;
    }

    private static string Cycle(JsonNode? layout, int index) =>
        layout.Array("colorway") is { Count: > 0 } way ? way[index % way.Count]!.ToString() : Palette.Categories[index % Palette.Categories.Length];
}
