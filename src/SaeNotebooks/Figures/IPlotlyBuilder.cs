namespace SaeNotebooks.Figures;

/// <summary>What a chart says in words.</summary>
internal sealed record Captions(string Title, string X, string Y);

/// <summary>What the chart plug-in does for the library: it turns plain arrays and strings into plotly figures.</summary>
/// <remarks>
/// Implemented in an assembly of its own in a private load context, because Plotly.NET's FSharp.Core clashes with the one that
/// some notebook hosts carry. Nothing but types of this assembly and of the base class library may appear here. Each chart is
/// returned as the JSON text of a plotly figure: <c>{"data": […], "layout": {…}}</c>.
/// </remarks>
internal interface IPlotlyBuilder
{
    string Line(Captions captions, string[] names, double[][] x, double[][] y);

    string Scatter(Captions captions, string[] names, double[][] x, double[][] y, string[]?[] hover);

    string Bar(Captions captions, string[] categories, string[] names, double[][] values);

    /// <summary>Bins start at <paramref name="start"/> and are <paramref name="width"/> wide; the same for every series.</summary>
    string Histogram(Captions captions, string[] names, double[][] values, double start, double width, int bins);

    string Heatmap(Captions captions, HeatmapCells cells);

    string Box(Captions captions, string[] names, double[][] values);

    /// <summary>The source of plotly.js that Plotly.NET carries.</summary>
    string PlotlyJs();
}

/// <summary>A heat map as it crosses into the plug-in; rows and columns without labels are numbered.</summary>
internal sealed record HeatmapCells(double[][] Values, string[]? Rows, string[]? Columns)
{
    public string[][]? Text { get; init; }
    public Scale Scale { get; init; }
    public string ValueTitle { get; init; } = "";
    public double Low { get; init; }
    public double High { get; init; }
}
