using System.Text.Json.Nodes;
using SaeNotebooks.Figures.Svg;

namespace SaeNotebooks.Figures;

/// <summary>A legend in rows above the plot, as plotly draws one whose orientation is <c>h</c>.</summary>
internal static class TopLegend
{
    public const double RowHeight = 26;

    private const double PageWidth = 1000, Left = 64, SymbolWidth = 31, Gap = 20, TextSize = 13;

    public static bool IsIn(JsonNode? layout) => layout.Text("legend.orientation") == "h";

    /// <summary>Pixels that the legend of traces needs; 0 where a single trace needs none.</summary>
    /// <param name="traces">the figure's</param>
    /// <param name="right">pixels right of the plot</param>
    public static double Height(JsonArray traces, double right)
    {
        string[] names = [.. traces.Where(t => t.Truth("showlegend") != false).Select(t => PlotlyText.Plain(t.Text("name") ?? ""))];
        return names.Length < 2 ? 0 : Height(Places(names, PageWidth - right));
    }

    public static double Height((double X, int Row)[] places) => places.Length == 0 ? 0 : RowHeight * (places[^1].Row + 1);

    /// <summary>The padding that puts a title in the middle of its own room, and not of all that is above the plot: plotly pads to 7 pixels above its middle.</summary>
    public static double TitlePad(string headline) => PlotlyText.HeadlineRoom(headline) / 2.0 - 7;

    /// <summary>Where each entry begins, and in which row: as many in a row as fit.</summary>
    public static (double X, int Row)[] Places(IReadOnlyList<string> names, double right)
    {
        var (x, row) = (Left, 0);
        return [.. names.Select(name =>
        {
            var width = SymbolWidth + TextWidth.Of(name, TextSize) + Gap;
            if (x > Left && x + width > right) (x, row) = (Left, row + 1);
            var place = (x, row);
            x += width;
            return place;
        })];
    }
}
