namespace SaeNotebooks.Figures;

/// <summary>
/// Charts with one look. Every chart has a title, which should say the finding, and axis titles, which should name the unit.
/// The figure that comes back displays itself as the last value of a cell, and can be edited. A series whose name begins with "control", or ends with
/// "(control)", is grey in every chart.
/// </summary>
/// <example><c>Chart.Line("Norms grow with depth", "layer", "norm (L2)", ("English", norms))</c></example>
public static class Chart
{
    /// <summary>Lines, one per series.</summary>
    public static Figure Line(string title, string xTitle, string yTitle, params Series[] series)
    {
        Require(series.Length, nameof(Line));
        return Read(ChartPlugin.Builder.Line(new(title, xTitle, yTitle), Names(series), [.. series.Select(s => s.Positions())], Numbers(series)), Names(series));
    }

    /// <summary>Clouds of points, with a text for each point where given.</summary>
    public static Figure Scatter(string title, string xTitle, string yTitle, params Points[] points)
    {
        Require(points.Length, nameof(Scatter));
        foreach (var cloud in points) cloud.Check();
        return Read(ChartPlugin.Builder.Scatter(new(title, xTitle, yTitle), [.. points.Select(p => p.Name)],
            [.. points.Select(p => p.X.ToArray())], [.. points.Select(p => p.Y.ToArray())], [.. points.Select(p => p.Hover?.ToArray())]), [.. points.Select(p => p.Name)]);
    }

    /// <summary>Bars over categories, side by side where there are several series.</summary>
    /// <exception cref="ArgumentException">a series has not one value for each category</exception>
    public static Figure Bar(string title, string xTitle, string yTitle, IEnumerable<string> categories, params Series[] series)
    {
        Require(series.Length, nameof(Bar));
        string[] labels = [.. categories];
        foreach (var odd in series.Where(s => s.Y.Count != labels.Length))
            throw new ArgumentException($"Series '{odd.Name}' has {odd.Y.Count} values for {labels.Length} categories; give one for each.");
        return Read(ChartPlugin.Builder.Bar(new(title, xTitle, yTitle), labels, Names(series), Numbers(series)), Names(series));
    }

    /// <summary>How often values occur, in bins shared by all series; the vertical axis counts.</summary>
    /// <param name="title">the finding</param>
    /// <param name="xTitle">what was measured, with its unit</param>
    /// <param name="bins">about how many bins; their borders are round numbers</param>
    /// <param name="series">the values; those that are not finite are left out, and the axis title says how many</param>
    public static Figure Histogram(string title, string xTitle, int bins, params Series[] series)
    {
        Require(series.Length, nameof(Histogram));
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        double[][] finite = [.. series.Select(s => s.Y.Where(double.IsFinite).ToArray())];
        var left = series.Sum(s => s.Y.Count) - finite.Sum(f => f.Length);
        if (finite.All(f => f.Length == 0)) throw new ArgumentException("A histogram needs at least one finite value; there is none.");
        var (start, width, count) = Bins.Round(finite.SelectMany(f => f), bins);
        var x = left == 0 ? xTitle : $"{xTitle} ({left} values that are not finite left out)";
        return Read(ChartPlugin.Builder.Histogram(new(title, x, "count"), Names(series), finite, start, width, count), Names(series));
    }

    /// <summary>A coloured table, row 0 at the top.</summary>
    /// <param name="title">the finding</param>
    /// <param name="xTitle">what the columns are</param>
    /// <param name="yTitle">what the rows are</param>
    /// <param name="values">the numbers, <c>[rows, columns]</c></param>
    /// <param name="rows">one label for each row; 0, 1, 2, … when absent</param>
    /// <param name="columns">one label for each column; labels may repeat, as tokens do</param>
    /// <param name="text">what stands in the cells, <c>[rows][columns]</c></param>
    /// <param name="scale">how values become colours</param>
    /// <param name="valueTitle">what the colour bar measures</param>
    /// <exception cref="ArgumentException">labels or texts do not fit the values</exception>
    public static Figure Heatmap(string title, string xTitle, string yTitle, Grid values, IEnumerable<string>? rows = null,
        IEnumerable<string>? columns = null, IEnumerable<IEnumerable<string>>? text = null, Scale scale = Scale.Sequential, string valueTitle = "")
    {
        if (values.Rows == 0 || values.Columns == 0) throw new ArgumentException($"A heat map needs at least one cell; this one is {values.Rows} × {values.Columns}.");
        var (low, high) = Bins.ColourRange(values, scale);
        var cells = new HeatmapCells(values.ToArrays(), Labels(rows, values.Rows, "row"), Labels(columns, values.Columns, "column"))
        {
            Text = text?.Select(r => r.ToArray()).ToArray(), Scale = scale, ValueTitle = valueTitle, Low = low, High = high,
        };
        if (cells.Text is { } t && (t.Length != values.Rows || t.Any(r => r.Length != values.Columns)))
            throw new ArgumentException($"The cell texts of a heat map must be [{values.Rows}][{values.Columns}] like its values.");
        return Read(ChartPlugin.Builder.Heatmap(new(title, xTitle, yTitle), cells), []);
    }

    /// <summary>Median, quartiles and outliers of each series, side by side.</summary>
    public static Figure Box(string title, string xTitle, string yTitle, params Series[] series)
    {
        Require(series.Length, nameof(Box));
        return Read(ChartPlugin.Builder.Box(new(title, xTitle, yTitle), Names(series), Numbers(series)), Names(series));
    }

    private static Figure Read(string json, IReadOnlyList<string> names) => ControlSeries.Grey(Figure.Parse(json), names);

    private static string[] Names(Series[] series) => [.. series.Select(s => s.Name)];

    private static double[][] Numbers(Series[] series) => [.. series.Select(s => s.Y.ToArray())];

    private static void Require(int count, string chart)
    {
        if (count == 0) throw new ArgumentException($"Chart.{chart} was given nothing to draw; pass at least one series.");
    }

    private static string[]? Labels(IEnumerable<string>? labels, int count, string what)
    {
        var given = labels?.ToArray();
        return given is null || given.Length == count ? given
            : throw new ArgumentException($"The heat map has {count} {what}s and {given.Length} {what} labels; give one for each.");
    }
}
