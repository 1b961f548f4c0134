using System.Text.RegularExpressions;

namespace SaeNotebooks.Cli.Export;

/// <summary>A build of plotly.js that draws some kinds of traces only, and is as much smaller.</summary>
/// <param name="Package">where it comes from</param>
/// <param name="File">the script in it</param>
/// <param name="Traces">the kinds that it draws, by plotly's names</param>
internal sealed partial record PlotlyBundle(NpmPackage Package, string File, IReadOnlyList<string> Traces)
{
    private static readonly string[] Basic = ["scatter", "bar", "pie"];

    private static readonly string[] Cartesian = [.. Basic, "box", "contour", "heatmap", "histogram", "histogram2d", "histogram2dcontour", "image",
        "scatterternary", "violin"];

    /// <summary>Kinds of which only the whole of plotly.js can draw all.</summary>
    private static readonly string[] Others = ["barpolar", "candlestick", "carpet", "choropleth", "choroplethmap", "choroplethmapbox", "cone", "contourcarpet",
        "densitymap", "densitymapbox", "funnel", "funnelarea", "heatmapgl", "icicle", "indicator", "isosurface", "mesh3d", "ohlc", "parcats", "parcoords",
        "pointcloud", "sankey", "scatter3d", "scattercarpet", "scattergeo", "scattergl", "scattermap", "scattermapbox", "scatterpolar", "scatterpolargl",
        "scattersmith", "splom", "streamtube", "sunburst", "surface", "table", "treemap", "volume", "waterfall"];

    private static readonly HashSet<string> Known = [.. Cartesian, .. Others];

    /// <summary>All of them, the smallest first: 1.07 and 1.36 MB, where the whole of plotly.js has 3.5.</summary>
    public static IReadOnlyList<PlotlyBundle> All { get; } =
    [
        new(NpmPackage.PlotlyBasic, "plotly-basic.min.js", Basic),
        new(NpmPackage.PlotlyCartesian, "plotly-cartesian.min.js", Cartesian),
    ];

    /// <summary>The smallest that draws every chart of a page; null where none does.</summary>
    /// <param name="html">the page's body, with its charts as JSON or JavaScript</param>
    public static PlotlyBundle? For(string html)
    {
        var used = Kind().Matches(html).Select(m => m.Groups["kind"].Value).Where(Known.Contains).ToHashSet();
        return All.FirstOrDefault(bundle => used.IsSubsetOf(bundle.Traces));
    }

    // Other things have types too, a reference line or an axis: only names of traces count.
    [GeneratedRegex("""\btype(?:"|'|&quot;)?\s*:\s*(?:"|'|&quot;)(?<kind>\w+)""")]
    private static partial Regex Kind();
}
