using Plotly.NET;
using Plotly.NET.CSharp;
using SaeNotebooks.Figures;
using PlotlyChart = Plotly.NET.CSharp.Chart;

namespace SaeNotebooks.Charts;

/// <summary>Builds every chart of the library with Plotly.NET and hands it over as plotly figure JSON.</summary>
internal sealed class PlotlyBuilder : IPlotlyBuilder
{
    public string Line(Captions captions, string[] names, double[][] x, double[][] y)
    {
        var markers = y.Max(s => s.Length) <= 40; // more points than this run together
        var lines = names.Select((name, i) => PlotlyChart.Line<double, double, string>(
            x[i], y[i], Name: PlotlyText.Escape(name), ShowMarkers: markers, LineWidth: 2.5, UseDefaults: false));
        return Json(lines, Style.Layout(captions));
    }

    public string Scatter(Captions captions, string[] names, double[][] x, double[][] y, string[]?[] hover)
    {
        var clouds = names.Select((name, i) =>
        {
            var cloud = PlotlyChart.Scatter<double, double, string>(
                x[i], y[i], StyleParam.Mode.Markers, Name: PlotlyText.Escape(name), UseDefaults: false);
            var trace = cloud.GetTraces()[0];
            trace.SetProperty("marker", new Dictionary<string, object> { ["size"] = 8, ["opacity"] = 0.8 });
            if (hover[i] is { } texts) Style.Hover(trace, texts, captions);
            return cloud;
        });
        return Json(clouds, Style.Layout(captions));
    }

    public string Bar(Captions captions, string[] categories, string[] names, double[][] values)
    {
        var layout = Style.Layout(captions);
        Style.Label(layout, "xaxis", categories);
        layout.SetProperty("barmode", "group");
        layout.SetProperty("bargap", 0.25);
        // Positions, not names, are the coordinates: plotly would merge categories of one name, and tokens repeat.
        var positions = Enumerable.Range(0, categories.Length).Select(i => (double)i).ToArray();
        var bars = names.Select((name, i) => PlotlyChart.Column<double, double, string>(
            values[i], Keys: positions, Name: PlotlyText.Escape(name), UseDefaults: false));
        return Json(bars, layout);
    }

    public string Histogram(Captions captions, string[] names, double[][] values, double start, double width, int bins)
    {
        var layout = Style.Layout(captions);
        layout.SetProperty("barmode", "overlay");
        layout.SetProperty("bargap", 0.04);
        var xbins = new Dictionary<string, object> { ["start"] = start, ["end"] = start + width * bins, ["size"] = width };
        var charts = names.Select((name, i) =>
        {
            var chart = PlotlyChart.Histogram<double, double, string>(
                X: values[i], Name: PlotlyText.Escape(name), Opacity: names.Length > 1 ? 0.65 : 0.9, UseDefaults: false);
            var trace = chart.GetTraces()[0];
            trace.SetProperty("autobinx", false);
            trace.SetProperty("xbins", xbins);
            return chart;
        });
        return Json(charts, layout);
    }

    public string Heatmap(Captions captions, HeatmapCells cells)
    {
        var (rows, columns) = (cells.Values.Length, cells.Values.Max(r => r.Length));
        var layout = Style.Layout(captions, height: Math.Clamp(150 + 28 * rows, 300, 900));
        Style.LabelOrNumber(layout, "xaxis", cells.Columns, columns);
        Style.LabelOrNumber(layout, "yaxis", cells.Rows, rows);
        Style.TableAxes(layout);
        var gap = rows * columns > 2500 ? 0 : 1; // between small cells it would be most of what is seen
        var chart = PlotlyChart.Heatmap<double, double, double, string>(cells.Values, ColorScale: Style.Colours(cells.Scale),
            X: Style.Positions(columns), Y: Style.Positions(rows), XGap: gap, YGap: gap, UseDefaults: false);
        var trace = chart.GetTraces()[0];
        trace.SetProperty("zmin", cells.Low);
        trace.SetProperty("zmax", cells.High);
        trace.SetProperty("colorbar", Style.ColourBar(cells.ValueTitle));
        Style.CellText(trace, cells, captions);
        return Json([chart], layout);
    }

    public string Box(Captions captions, string[] names, double[][] values)
    {
        var layout = Style.Layout(captions);
        layout.SetProperty("showlegend", false);
        var boxes = names.Select((name, i) => PlotlyChart.BoxPlot<string, double, string>(
            Y: values[i], Name: PlotlyText.Escape(name), BoxPoints: StyleParam.BoxPoints.Outliers, UseDefaults: false));
        return Json(boxes, layout);
    }

    public string PlotlyJs()
    {
        var assembly = typeof(GenericChart).Assembly;
        var name = assembly.GetManifestResourceNames().Single(n => n.EndsWith(".min.js", StringComparison.Ordinal));
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    private static string Json(IEnumerable<GenericChart> charts, Layout layout) =>
        GenericChart.toFigureJson(GenericChart.setLayout(layout, PlotlyChart.Combine(charts.ToArray())));
}
