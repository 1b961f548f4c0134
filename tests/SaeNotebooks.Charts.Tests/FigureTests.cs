using System.Text.Json.Nodes;
using SaeNotebooks.Figures;

namespace SaeNotebooks.Charts.Tests;

public class FigureTests
{
    [Theory]
    [InlineData("Line", "scatter", 2)]
    [InlineData("Scatter", "scatter", 2)]
    [InlineData("Bar", "bar", 2)]
    [InlineData("Histogram", "histogram", 1)]
    [InlineData("Heatmap", "heatmap", 1)]
    [InlineData("Box", "box", 2)]
    public void A_chart_is_a_plotly_figure_with_titles(string chart, string type, int traces)
    {
        var figure = JsonNode.Parse(Samples.Of(chart).ToPlotlyJson())!;

        Assert.Equal(traces, figure["data"]!.AsArray().Count);
        Assert.All(figure["data"]!.AsArray(), t => Assert.Equal(type, t!["type"]!.GetValue<string>()));
        foreach (var path in new[] { "title", "xaxis", "yaxis" })
        {
            var holder = path == "title" ? figure["layout"]!["title"] : figure["layout"]![path]!["title"];
            Assert.NotEqual("", holder!["text"]!.GetValue<string>());
        }
        Assert.Equal(["data", "layout"], figure.AsObject().Select(p => p.Key));
    }

    [Fact]
    public void Controls_are_grey_in_every_chart_and_lines_of_two_differ()
    {
        string Text(Figure figure, string path) => figure.Get(path)!.GetValue<string>();
        var lines = Chart.Line("t", "x", "y", new Series("effect", [1.0, 2]), new Series("control: other place", [0.0, 0]), new Series("random direction (control)", [0.0, 1]));
        Assert.Null(lines.Get("data[0].line.color"));
        Assert.Equal("#8C8C8C", Text(lines, "data[1].line.color"));
        Assert.Equal("#8C8C8C", Text(lines, "data[2].line.color"));
        Assert.NotEqual(Text(lines, "data[1].line.dash"), Text(lines, "data[2].line.dash"));

        var bars = Chart.Bar("t", "x", "y", ["a"], new Series("effect", [1.0]), new Series("Control", [0.5]));
        Assert.Null(bars.Get("data[0].marker.color"));
        Assert.Equal("#8C8C8C", Text(bars, "data[1].marker.color"));
    }

    [Fact]
    public void The_data_arrive_in_the_traces()
    {
        var figure = Samples.Line();

        Assert.Equal("[1,3,9]", Compact(figure.Get("data[1].y")));
        Assert.Equal("[0,1,2]", Compact(figure.Get("data[1].x")));
        Assert.Equal("French", figure.Get("data[1].name")!.GetValue<string>());
    }

    [Fact]
    public void Single_precision_reads_as_it_was_written() =>
        Assert.Equal("[0.1,0.7]", Chart.Line("t", "x", "y", ("s", new[] { 0.1f, 0.7f })).Get("data[0].y")!.ToJsonString());

    [Fact]
    public void Values_that_are_not_finite_are_gaps() =>
        Assert.Equal("[1,null,null]", Compact(Chart.Line("t", "x", "y", new Series("s", [1.0, double.NaN, double.PositiveInfinity])).Get("data[0].y")));

    [Fact]
    public void Labels_that_repeat_stay_apart()
    {
        var figure = Samples.Bar();

        Assert.Equal("[0,1,2,3,4]", Compact(figure.Get("data[0].x")));
        Assert.Equal(["&lt;s&gt;", "the", "cat", "the", "&amp;\"'"], figure.Get("layout.xaxis.ticktext")!.AsArray().Select(t => t!.GetValue<string>()));
    }

    [Fact]
    public void A_diverging_scale_is_centred_on_zero()
    {
        var figure = Samples.Heatmap();

        Assert.Equal(-4, figure.Get("data[0].zmin")!.GetValue<double>());
        Assert.Equal(4, figure.Get("data[0].zmax")!.GetValue<double>());
        Assert.Equal("reversed", figure.Get("layout.yaxis.autorange")!.GetValue<string>());
    }

    [Fact]
    public void An_edit_gives_a_new_figure_and_leaves_the_old()
    {
        var before = Samples.Line();
        var text = before.ToPlotlyJson();
        var after = before.WithTitle("Other").WithLayout("yaxis.type", "log").WithTrace(0, "line.dash", "dot").WithTraces("line.width", 4)
            .WithLayout("annotations[0].text", "here");

        Assert.Equal(text, before.ToPlotlyJson());
        Assert.Equal("Other", after.Title);
        Assert.Equal("log", after.Get("layout.yaxis.type")!.GetValue<string>());
        Assert.Equal("dot", after.Get("data[0].line.dash")!.GetValue<string>());
        Assert.Null(after.Get("data[1].line.dash"));
        Assert.Equal("4", after.Get("data[1].line.width")!.ToJsonString());
        Assert.Equal("here", after.Get("layout.annotations[0].text")!.GetValue<string>());
        Assert.Null(after.WithLayout("yaxis.type", null).Get("layout.yaxis.type"));
    }

    [Fact]
    public void Figures_join() => Assert.Equal(4, Samples.Line().Overlay(Samples.Scatter()).TraceCount);

    [Fact]
    public void Mistakes_are_named()
    {
        Assert.Contains("2 traces", Assert.Throws<ArgumentOutOfRangeException>(() => Samples.Line().WithTrace(2, "name", "x")).Message);
        Assert.Contains("3 values for 2 categories",
            Assert.Throws<ArgumentException>(() => Chart.Bar("t", "x", "y", ["a", "b"], new Series("s", [1.0, 2, 3]))).Message);
        Assert.Contains("row 1 has 2", Assert.Throws<ArgumentException>(() => (Grid)new double[][] { [1], [1, 2] }).Message);
        Assert.Contains("nothing to draw", Assert.Throws<ArgumentException>(() => Chart.Line("t", "x", "y")).Message);
        Assert.Contains("data", Assert.Throws<FormatException>(() => Figure.Parse("{}")).Message);
        Assert.Throws<ArgumentException>(() => Samples.Line().WithLayout("height.text", 1));
    }

    [Fact]
    public void Tensors_are_drawn_and_stay_the_callers()
    {
        using var rows = TorchSharp.torch.tensor(new[,] { { 1f, 2f }, { 3f, 4f } });
        using var row = rows[1];

        Assert.Equal("[3,4]", Compact(Chart.Line("t", "x", "y", ("s", row)).Get("data[0].y")));
        Assert.Equal("[[1,2],[3,4]]", Compact(Chart.Heatmap("t", "x", "y", rows).Get("data[0].z")));
        Assert.Equal(10, rows.sum().item<float>());
        Assert.Contains("[2, 2]", Assert.Throws<ArgumentException>(() => Values.FromTensor(rows)).Message);
    }

    private static string Compact(JsonNode? node) => node!.ToJsonString().Replace(".0", "", StringComparison.Ordinal);
}
