using System.Text.Json.Nodes;

namespace SaeNotebooks.Figures.Svg;

/// <summary>Draws a plotly figure as static SVG. It reads the same JSON that plotly does, so edits show in both.</summary>
internal static class SvgRenderer
{
    private const double DefaultWidth = 1000, DefaultHeight = 420;

    /// <param name="figure"><c>{"data": […], "layout": {…}}</c></param>
    /// <param name="embedded">true: takes the surrounding page's text colour and width; false: a document of its own in a neutral grey</param>
    public static string Render(JsonObject figure, bool embedded)
    {
        var (traces, layout) = (figure.Array("data"), figure["layout"]);
        var (width, height) = (layout.Number("width") ?? DefaultWidth, layout.Number("height") ?? DefaultHeight);
        var plot = PlotLayout.Arrange(traces, layout, width, height);
        var svg = new SvgWriter();
        OpenRoot(svg, layout, width, height, embedded);
        if (layout.Text("paper_bgcolor") is { } paper && !paper.StartsWith("rgba(0,0,0,0", StringComparison.Ordinal)) svg.Rect(0, 0, width, height, ("fill", paper));
        Furniture.Title(svg, plot, layout);
        Furniture.Grid(svg, plot);
        // A nested svg clips what a chosen axis range leaves out, without an id that could clash on a page of many figures.
        svg.Open("svg", ("x", plot.Left), ("y", plot.Top), ("width", plot.Right - plot.Left), ("height", plot.Bottom - plot.Top), ("overflow", "hidden"),
            ("viewBox", string.Join(' ', new[] { plot.Left, plot.Top, plot.Right - plot.Left, plot.Bottom - plot.Top }.Select(SvgWriter.Number))));
        foreach (var marks in plot.Marks) marks.Draw(svg, plot.X, plot.Y);
        Furniture.Shapes(svg, plot, layout.Array("shapes"));
        svg.Close("svg");
        Furniture.Axes(svg, plot);
        Furniture.Annotations(svg, plot, layout.Array("annotations"));
        Furniture.Legend(svg, plot);
        Furniture.ColorBar(svg, plot);
        Furniture.Undrawn(svg, plot, Marks.Undrawn(traces));
        return svg.Close("svg").ToString().TrimEnd();
    }

    private static void OpenRoot(SvgWriter svg, JsonNode? layout, double width, double height, bool embedded)
    {
        var title = PlotlyText.Plain(layout.Text("title.text") ?? layout.Text("title") ?? "Chart");
        var family = layout.Text("font.family") ?? Palette.FontFamily;
        var color = layout.Text("font.color") ?? Palette.NeutralText;
        var own = embedded && color == Palette.NeutralText ? null : color;
        svg.Open("svg", ("xmlns", "http://www.w3.org/2000/svg"), ("class", "sae-still"), ("viewBox", $"0 0 {SvgWriter.Number(width)} {SvgWriter.Number(height)}"),
            ("width", embedded ? "100%" : width), ("height", embedded ? null : height), ("style", embedded ? $"display:block;max-width:{SvgWriter.Number(width)}px" : null),
            ("role", "img"), ("aria-label", title), ("font-family", family), ("font-size", 13), ("color", own), ("fill", "currentColor"));
    }
}
