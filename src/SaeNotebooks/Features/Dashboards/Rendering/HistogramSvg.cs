using SaeNotebooks.Figures.Svg;

namespace SaeNotebooks.Features.Dashboards.Rendering;

/// <summary>A small histogram without scripts; counts appear under the pointer.</summary>
internal static class HistogramSvg
{
    private const double Width = 380, Height = 138, Left = 44, Right = 372, Top = 6, Bottom = 100;

    public static string Write(DashboardHistogram h)
    {
        var svg = new SvgWriter();
        svg.Open("svg", ("xmlns", "http://www.w3.org/2000/svg"), ("viewBox", $"0 0 {SvgWriter.Number(Width)} {SvgWriter.Number(Height)}"), ("role", "img"), ("aria-label", h.Title),
            ("style", "display:block;width:100%;max-width:460px;height:auto;font:11px system-ui,'DejaVu Sans',sans-serif"), ("fill", "currentColor"));
        var most = Math.Max(1, h.Counts.DefaultIfEmpty(0).Max());
        double X(double value) => Left + (Right - Left) * (value - h.From) / (h.To - h.From);
        double Y(double count) => Bottom - (Bottom - Top) * count / most;
        foreach (var tick in Ticks.Linear(0, most, 3))
        {
            svg.Line(Left, Y(tick.At), Right, Y(tick.At), ("stroke", "currentColor"), ("stroke-opacity", "0.15"));
            svg.Text(tick.Label, Left - 5, Y(tick.At) + 4, ("text-anchor", "end"), ("opacity", "0.75"));
        }
        Bars(svg, h, X, Y);
        foreach (var tick in Ticks.Linear(h.From, h.To, 5)) svg.Text(tick.Label, X(tick.At), Bottom + 15, ("text-anchor", "middle"), ("opacity", "0.75"));
        svg.Text(h.Axis, (Left + Right) / 2, Bottom + 32, ("text-anchor", "middle"), ("opacity", "0.75"));
        return svg.Close("svg").ToString();
    }

    /// <summary>Blue below 0 and orange above, as the tokens are coloured.</summary>
    private static void Bars(SvgWriter svg, DashboardHistogram h, Func<double, double> x, Func<double, double> y)
    {
        double Middle(int bin) => h.From + (bin + 0.5) * h.BinWidth;
        foreach (var side in Enumerable.Range(0, h.Counts.Count).Where(i => h.Counts[i] > 0).GroupBy(i => Middle(i) < 0))
        {
            svg.Open("g", ("fill", side.Key ? "#1C7ED6" : "#E8590C"), ("fill-opacity", "0.8"));
            foreach (var i in side)
            {
                var (from, to) = (h.From + i * h.BinWidth, h.From + (i + 1) * h.BinWidth);
                var height = Math.Max(1, Bottom - y(h.Counts[i])); // a bar of one firing among thousands is still seen
                svg.Described($"{Display.Html.Number(from)} to {Display.Html.Number(to)}: {h.Counts[i]:N0}", x(from), Bottom - height, Math.Max(0.5, x(to) - x(from) - 0.6), height);
            }
            svg.Close("g");
        }
    }
}
