using System.Text.Json.Nodes;

namespace SaeNotebooks.Figures.Svg;

/// <summary>What surrounds the data: title, grid, axes, legend, colour bar, reference lines and notes.</summary>
internal static class Furniture
{
    private static readonly (string, object?) Faint = ("stroke-opacity", "0.16"), Rule = ("stroke-opacity", "0.5"), Ink = ("stroke", "currentColor");

    public static void Title(SvgWriter svg, PlotLayout plot, JsonNode? layout)
    {
        var lines = PlotlyText.Lines(layout.Text("title.text") ?? layout.Text("title") ?? "");
        for (var i = 0; i < lines.Length; i++) svg.Text(lines[i], plot.Left, 26 + 22 * i, ("font-size", layout.Number("title.font.size") ?? 17));
    }

    public static void Grid(SvgWriter svg, PlotLayout plot)
    {
        var (x, y) = (plot.X, plot.Y);
        foreach (var tick in x.HasGrid ? x.AllTicks : []) svg.Line(x.At(tick.At), plot.Top, x.At(tick.At), plot.Bottom, Ink, Faint);
        foreach (var tick in y.HasGrid ? y.AllTicks : []) svg.Line(plot.Left, y.At(tick.At), plot.Right, y.At(tick.At), Ink, Faint);
        if (y.HasZeroLine && y.ShowsZero) svg.Line(plot.Left, y.At(0), plot.Right, y.At(0), Ink, Rule);
        if (x.HasZeroLine && x.ShowsZero) svg.Line(x.At(0), plot.Top, x.At(0), plot.Bottom, Ink, Rule);
    }

    public static void Axes(SvgWriter svg, PlotLayout plot)
    {
        var (x, y) = (plot.X, plot.Y);
        foreach (var tick in Spaced(y, 12))
        {
            svg.Line(plot.Left - 5, y.At(tick.At), plot.Left, y.At(tick.At), Ink, Rule);
            TickLabel(svg, tick, plot.Left - 9, y.At(tick.At) + 4 - PlotLayout.TickLine / 2 * (tick.Lines.Length - 1), "end");
        }
        foreach (var tick in Spaced(x, plot.IsXTurned ? 12 : 0)) XTick(svg, plot, tick);
        if (x.Title.Length > 0)
            svg.Text(PlotlyText.Plain(x.Title), (plot.Left + plot.Right) / 2, plot.Height - 14, ("font-size", PlotLayout.TitleSize), ("text-anchor", "middle"));
        if (y.Title.Length > 0)
            svg.Text(PlotlyText.Plain(y.Title), 0, 0, ("font-size", PlotLayout.TitleSize), ("text-anchor", "middle"),
                ("transform", $"translate(20 {SvgWriter.Number((plot.Top + plot.Bottom) / 2)}) rotate(-90)"));
    }

    public static void Legend(SvgWriter svg, PlotLayout plot)
    {
        for (var i = 0; i < plot.Legend.Length; i++)
        {
            var entry = plot.Legend[i];
            var (left, middle) = plot.LegendRows.Length == 0 ? (plot.Right + 18 + (plot.ColorBar is null ? 0 : 96), plot.Top + 10 + 22 * i)
                : (plot.LegendRows[i].X, plot.Top + TopLegend.RowHeight * (plot.LegendRows[i].Row + 0.5) - TopLegend.Height(plot.LegendRows));
            if (entry.IsLine) svg.Line(left, middle, left + 24, middle, ("stroke", entry.Color), ("stroke-width", 2.5), ("stroke-dasharray", entry.Dash));
            else svg.Rect(left + 6, middle - 6, 12, 12, ("fill", entry.Color), ("rx", 2));
            svg.Text(entry.Name, left + 31, middle + 4, ("font-size", PlotLayout.TickSize));
        }
    }

    public static void ColorBar(SvgWriter svg, PlotLayout plot)
    {
        if (plot.ColorBar is not { } bar) return;
        const int Steps = 64;
        var (left, height) = (plot.Right + 18, plot.Bottom - plot.Top);
        double At(double value) => plot.Bottom - (value - bar.Scale.Low) / (bar.Scale.High - bar.Scale.Low) * height;
        for (var i = 0; i < Steps; i++)
        {
            var value = bar.Scale.Low + (bar.Scale.High - bar.Scale.Low) * (i + 0.5) / Steps;
            svg.Rect(left, plot.Bottom - height * (i + 1) / Steps, 14, height / Steps + 0.4, ("fill", bar.Scale.Of(value)));
        }
        foreach (var tick in Ticks.Linear(bar.Scale.Low, bar.Scale.High, (int)(height / 60)))
            svg.Text(tick.Label, left + 20, At(tick.At) + 4, ("font-size", PlotLayout.TickSize));
        if (bar.Title.Length > 0)
            svg.Text(PlotlyText.Plain(bar.Title), 0, 0, ("font-size", PlotLayout.TickSize), ("text-anchor", "middle"),
                ("transform", $"translate({SvgWriter.Number(left + 78)} {SvgWriter.Number((plot.Top + plot.Bottom) / 2)}) rotate(-90)"));
    }

    /// <summary>Straight lines of the layout; other shapes are plotly's alone.</summary>
    public static void Shapes(SvgWriter svg, PlotLayout plot, JsonArray shapes)
    {
        foreach (var shape in shapes.Where(s => s.Text("type") == "line"))
            svg.Line(X(plot, shape, "x0"), Y(plot, shape, "y0"), X(plot, shape, "x1"), Y(plot, shape, "y1"), ("stroke", shape.Text("line.color") ?? "currentColor"),
                ("stroke-width", shape.Number("line.width") ?? 1), ("stroke-dasharray", shape.Text("line.dash") is null or "solid" ? null : "8 6"));
    }

    public static void Annotations(SvgWriter svg, PlotLayout plot, JsonArray annotations)
    {
        foreach (var note in annotations)
        {
            var (x, y) = (X(plot, note, "x"), Y(plot, note, "y"));
            var anchor = note.Text("xanchor") switch { "left" when !RunsIntoLegend(plot, note, x) => "start", "left" or "right" => "end", _ => "middle" };
            var lift = note.Text("yanchor") switch { "bottom" => -5.0, "top" => 14.0, _ => 4.0 };
            svg.Text(PlotlyText.Plain(note.Text("text") ?? ""), x + (anchor == "start" ? 4 : anchor == "end" ? -4 : 0), y + lift,
                ("font-size", note.Number("font.size") ?? 12), ("text-anchor", anchor), ("fill", note.Text("font.color")));
        }
    }

    /// <summary>Whether the label of a vertical line would leave the plot; it then stands left of its line.</summary>
    private static bool RunsIntoLegend(PlotLayout plot, JsonNode? note, double x) =>
        note.Text("yref") == "paper" && x + 4 + TextWidth.Of(PlotlyText.Plain(note.Text("text") ?? ""), note.Number("font.size") ?? 12) > plot.Right;

    public static void Undrawn(SvgWriter svg, PlotLayout plot, string[] kinds)
    {
        if (kinds.Length > 0)
            svg.Text($"Traces of type {string.Join(", ", kinds)} are drawn in the live chart only.", plot.Left + 12, plot.Top + 20, ("font-size", PlotLayout.TickSize));
    }

    private static void XTick(SvgWriter svg, PlotLayout plot, Tick tick)
    {
        var at = plot.X.At(tick.At);
        svg.Line(at, plot.Bottom, at, plot.Bottom + 5, Ink, Rule);
        if (!plot.IsXTurned) TickLabel(svg, tick, at, plot.Bottom + 19, "middle");
        else svg.Text(string.Join(' ', tick.Lines), 0, 0, ("font-size", PlotLayout.TickSize), ("text-anchor", "end"),
            ("transform", $"translate({SvgWriter.Number(at + 4)} {SvgWriter.Number(plot.Bottom + 10)}) rotate(-90)"));
    }

    /// <summary>A line of the label below the other; the first at a height.</summary>
    private static void TickLabel(SvgWriter svg, Tick tick, double x, double y, string anchor)
    {
        foreach (var (i, line) in tick.Lines.Index())
            svg.Text(line, x, y + PlotLayout.TickLine * i, ("font-size", PlotLayout.TickSize), ("text-anchor", anchor));
    }

    /// <summary>Every so many ticks that their labels do not touch.</summary>
    private static IEnumerable<Tick> Spaced(Axis axis, double apart)
    {
        if (axis.AllTicks.Length < 2) return axis.AllTicks;
        var closest = axis.AllTicks.Zip(axis.AllTicks.Skip(1), (a, b) => Math.Abs(axis.At(a.At) - axis.At(b.At))).Min();
        var every = apart > closest ? (int)Math.Ceiling(apart / Math.Max(closest, 0.1)) : 1;
        return axis.AllTicks.Where((_, i) => i % every == 0);
    }

    private static double X(PlotLayout plot, JsonNode? node, string name) => node.Text("xref") == "paper"
        ? plot.Left + (node.Number(name) ?? 0) * (plot.Right - plot.Left) : plot.X.At(plot.X.Domain.Of(node?[name]));

    private static double Y(PlotLayout plot, JsonNode? node, string name) => node.Text("yref") == "paper"
        ? plot.Bottom - (node.Number(name) ?? 0) * (plot.Bottom - plot.Top) : plot.Y.At(plot.Y.Domain.Of(node?[name]));
}
