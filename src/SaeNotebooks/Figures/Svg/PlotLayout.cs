using System.Text.Json;
using System.Text.Json.Nodes;

namespace SaeNotebooks.Figures.Svg;

/// <summary>Where everything goes: the plot area's edges in pixels, the axes in them, and what is drawn.</summary>
internal sealed record PlotLayout(double Left, double Top, double Right, double Bottom, Axis X, Axis Y, List<Marks> Marks)
{
    public const double TickSize = 12, TitleSize = 13, TickLine = 15;

    public required double Width { get; init; }
    public required double Height { get; init; }
    public required LegendEntry[] Legend { get; init; }

    /// <summary>Where the entries of a legend above the plot begin, and in which row; empty where the legend is right of it.</summary>
    public required (double X, int Row)[] LegendRows { get; init; }
    public required bool IsXTurned { get; init; }

    public (ColorScale Scale, string Title)? ColorBar => Marks.Select(m => m.ColorBar).FirstOrDefault(b => b is not null);

    /// <summary>Measures from the outside in: title and legend, then the width of the vertical labels, then the height of the horizontal ones.</summary>
    public static PlotLayout Arrange(JsonArray traces, JsonNode? layout, double width, double height)
    {
        var marks = Svg.Marks.Of(traces, layout);
        var (xd, yd) = (new AxisDomain(layout?["xaxis"], HasTexts(traces, "x")), new AxisDomain(layout?["yaxis"], HasTexts(traces, "y")));
        foreach (var m in marks) m.Measure(xd, yd);
        IncludeLines(layout.Array("shapes"), xd, yd);
        var legend = Entries(marks, layout);
        var isTight = marks.Count == 0 ? (X: false, Y: false) : (X: marks.All(m => m.IsTight.X), Y: marks.All(m => m.IsTight.Y));

        var right = width - Math.Max(20, TopLegend.IsIn(layout) ? layout.Number("margin.r") ?? 0 : RightMargin(marks, legend));
        var rows = TopLegend.IsIn(layout) ? TopLegend.Places([.. legend.Select(e => e.Name)], right) : [];
        var top = 26 + 22 * PlotlyText.Lines(layout.Text("title.text") ?? "").Length + TopLegend.Height(rows);
        var draft = new Axis(yd, layout?["yaxis"], height - 70, top, isTight.Y);
        var left = 26 + (draft.Title.Length > 0 ? 26 : 0) + draft.AllTicks.Select(t => TextWidth.Of(t.Label, TickSize)).DefaultIfEmpty(0).Max();
        left = Math.Min(left, width * 0.45);

        var x = new Axis(xd, layout?["xaxis"], left, right, isTight.X);
        var labels = x.AllTicks.Select(t => TextWidth.Of(t.Label, TickSize)).DefaultIfEmpty(0).Max();
        var isTurned = x.AllTicks.Length > 1 && labels + 8 > (right - left) / x.AllTicks.Length;
        var bottom = height - 14 - (x.Title.Length > 0 ? 26 : 0) - (isTurned ? Math.Min(labels, height * 0.35) + 10 : 22 + TickLine * (x.AllTicks.Max(t => (int?)t.Lines.Length) - 1 ?? 0));
        return new(left, top, right, bottom, x, new Axis(yd, layout?["yaxis"], bottom, top, isTight.Y), marks)
        {
            Width = width, Height = height, Legend = legend, LegendRows = rows, IsXTurned = isTurned,
        };
    }

    /// <summary>A straight line belongs to what an axis shows, as in plotly.</summary>
    private static void IncludeLines(JsonArray shapes, AxisDomain x, AxisDomain y)
    {
        foreach (var line in shapes.Where(s => s.Text("type") == "line"))
            foreach (var (axis, domain) in new[] { ("x", x), ("y", y) })
                if (line.Text($"{axis}ref") != "paper" && !domain.IsCategory)
                    foreach (var end in new[] { "0", "1" }) domain.Include(domain.Of(line?[axis + end]), (domain.High - domain.Low) / 50);
    }

    private static LegendEntry[] Entries(List<Marks> marks, JsonNode? layout)
    {
        LegendEntry[] all = [.. marks.SelectMany(m => m.Legend)];
        return layout.Truth("showlegend") ?? all.Length > 1 ? all : [];
    }

    private static double RightMargin(List<Marks> marks, LegendEntry[] legend)
    {
        var names = legend.Length == 0 ? 0 : 58 + legend.Max(e => TextWidth.Of(e.Name, TickSize));
        return names + (marks.Any(m => m.ColorBar is not null) ? 106 : 0);
    }

    private static bool HasTexts(JsonArray traces, string axis) => traces.Any(t => t.Text("type") == "box" && axis == "x" && t?["x"] is null
        || t.Array(axis).Any(v => v?.GetValueKind() == JsonValueKind.String));
}
