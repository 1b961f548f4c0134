using System.Text.Json.Nodes;
using SaeNotebooks.Cli.Export;

namespace SaeNotebooks.Cli.Tests;

public sealed class PlotlyBundleTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("""var figure = {"data":[{"type":"scatter"},{"type":"bar"}],"layout":{"xaxis":{"type":"category"},"shapes":[{"type":"line"}]}};""", "basic")]
    [InlineData("""{"data":[{"type":"bar"},{"type" : "heatmap"}]}""", "cartesian")]
    [InlineData("""Plotly.newPlot(chart, [{ y: [1, 2], type: 'histogram' }])""", "cartesian")]
    [InlineData("""<div data-figure="{&quot;data&quot;:[{&quot;type&quot;:&quot;box&quot;}]}">""", "cartesian")]
    [InlineData("""{"data":[{"y":[1,2]}]}""", "basic")]
    [InlineData("""{"data":[{"type":"bar"},{"type":"surface"}]}""", null)]
    public void TheSmallestBuildThatDrawsAllIsTaken(string body, string? expected) =>
        Assert.Equal(expected, PlotlyBundle.For(body)?.File.Split('-', '.')[1]);

    [Theory]
    [InlineData("scatter", "the basic stand-in")]
    [InlineData("heatmap", "the plotly stand-in")]
    [InlineData("sankey", "the whole stand-in")]
    public void APageCarriesTheBuildForItsCharts(string trace, string expected)
    {
        var notebook = Sample.With(n =>
        {
            n["cells"]![3]!["outputs"]![0]!["data"]!["text/html"] = $$"""<div></div><script>Plotly.newPlot(x, [{"type":"{{trace}}"}])</script>""";
            n["cells"] = new JsonArray(n["cells"]![0]!.DeepClone(), n["cells"]![3]!.DeepClone());
        });
        Assert.Contains(expected, NotebookPage.ToHtml(notebook, Sample.Assets(folder)));
        Assert.Contains(expected, SlideDeck.ToHtml(notebook, Sample.Assets(folder)));
    }
}
