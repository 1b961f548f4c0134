using System.Globalization;
using System.Xml.Linq;
using SaeNotebooks.Figures;

namespace SaeNotebooks.Charts.Tests;

public class SvgTests
{
    public static TheoryData<string> Charts => Samples.Names;

    [Theory, MemberData(nameof(Charts))]
    public void Every_chart_is_well_formed_with_its_titles(string chart)
    {
        var figure = Samples.Of(chart);
        var texts = XDocument.Parse(figure.ToSvg()).Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value).ToArray();

        Assert.Contains(figure.Title, texts);
        Assert.Contains(figure.Get("layout.xaxis.title.text")!.GetValue<string>(), texts);
        Assert.Contains(figure.Get("layout.yaxis.title.text")!.GetValue<string>(), texts);
    }

    [Theory, MemberData(nameof(Charts))]
    public void Every_coordinate_is_a_number_within_the_picture(string chart)
    {
        var root = XDocument.Parse(Samples.Of(chart).ToSvg()).Root!;
        var width = Number(root, "width");
        foreach (var element in root.Descendants().Where(e => e.Name.LocalName is "rect" or "line" or "circle"))
            foreach (var name in new[] { "x", "x1", "x2", "cx" }.Where(n => element.Attribute(n) is not null))
                Assert.InRange(Number(element, name), 0, width);
        Assert.DoesNotContain("NaN", root.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Bars_are_as_high_as_their_values()
    {
        double[] values = [1, 2, 3.5, -0.5];
        var figure = Chart.Bar("t", "x", "y", ["a", "b", "c", "d"], ("s", values));
        double[] heights = [.. Data(figure, "rect").Select(r => Number(r, "height"))];

        var unit = heights[0];
        Assert.Equal(values.Select(v => Math.Abs(v) * unit), heights, new Near(0.05));
    }

    [Fact]
    public void Stacked_bars_stand_on_each_other()
    {
        var figure = Chart.Bar("t", "x", "y", ["a"], new Series("lower", [2.0]), new Series("upper", [3.0])).WithLayout("barmode", "stack");
        var bars = Data(figure, "rect");

        Assert.Equal(Number(bars[0], "y"), Number(bars[1], "y") + Number(bars[1], "height"), 0.05);
        Assert.Equal(1.5, Number(bars[1], "height") / Number(bars[0], "height"), 0.01);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Error_bars_reach_as_far_as_they_say(bool isBar)
    {
        Series series = new("s", [4.0, 8.0]);
        var figure = (isBar ? Chart.Bar("t", "x", "y", ["a", "b"], series) : Chart.Line("t", "x", "y", series)).WithErrorBars(0, [1.0, 2.0]);
        double[] lengths = [.. Data(figure, "line").Select(l => Number(l, "y1") - Number(l, "y2")).Where(l => l > 0)];

        Assert.Equal(2, lengths.Length);
        Assert.Equal(2, lengths[1] / lengths[0], 0.01);
        Assert.Contains("2 values and was given 1", Assert.Throws<ArgumentException>(() => figure.WithErrorBars(0, [1.0])).Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_interval_reaches_from_its_lower_to_its_upper_end(bool isBar)
    {
        Series series = new("s", [4.0, 8.0]);
        var figure = isBar ? Chart.Bar("t", "x", "y", ["a", "b"], series) : Chart.Line("t", "x", "y", series);
        var bars = Data(figure.WithIntervals(0, [3.0, 2.0], [4.0, 10.0]), "line").Where(l => Number(l, "x1") == Number(l, "x2")).ToArray();
        double Unit(XElement bar, double units) => (Number(bar, "y1") - Number(bar, "y2")) / units;

        Assert.Equal(Unit(bars[0], 1), Unit(bars[1], 8), 0.1);
        var (bottom, perUnit) = (Number(bars[1], "y1"), Unit(bars[1], 8));
        Assert.Equal(bottom - perUnit, Number(bars[0], "y1"), 0.1); // 3 is one above 2
        Assert.Contains("lies outside its interval from 5 to 9", Assert.Throws<ArgumentException>(() => figure.WithIntervals(0, [5.0, 2.0], [9.0, 10.0])).Message, StringComparison.Ordinal);
        Assert.Contains("1 lower and 2 upper", Assert.Throws<ArgumentException>(() => figure.WithIntervals(0, [3.0], [4.0, 10.0])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_of_two_lines_is_written_in_two_and_upright()
    {
        string[] labels = [.. Enumerable.Range(0, 6).Select(i => $"the reading number {i}\nFVE 0.{i}")];
        var texts = XDocument.Parse(Chart.Bar("t", "x", "y", labels, ("s", new double[6])).ToSvg()).Descendants().Where(e => e.Name.LocalName == "text").ToArray();
        foreach (var (i, label) in labels.Index())
        {
            var (first, second) = (texts.Single(t => t.Value == label.Split('\n')[0]), texts.Single(t => t.Value == $"FVE 0.{i}"));
            Assert.Null(first.Attribute("transform"));
            Assert.Equal(Number(first, "x"), Number(second, "x"));
            Assert.True(Number(second, "y") > Number(first, "y") + 10);
            Assert.True(Number(second, "y") < Number(texts.Single(t => t.Value == "x"), "y") - 10, "the axis title stands below");
        }
    }

    [Fact]
    public void Bars_have_the_colours_of_a_list()
    {
        var figure = Chart.Bar("t", "x", "y", ["a", "b", "c"], ("s", new double[] { 1, 2, 3 })).WithTrace(0, "marker.color", new[] { "#111111", "#222222", "#333333" });
        Assert.Equal(["#111111", "#222222", "#333333"], Data(figure, "rect").Select(r => r.Attribute("fill")!.Value));
    }

    [Fact]
    public void A_line_passes_through_its_points()
    {
        var points = Path(Chart.Line("t", "x", "y", new Series("s", [0.0, 1, 4, 2])));

        // Equal steps to the right; heights in proportion to the values (downwards in pixels).
        Assert.Equal(points[1].X - points[0].X, points[3].X - points[2].X, 0.05);
        Assert.Equal(4, (points[0].Y - points[2].Y) / (points[0].Y - points[1].Y), 0.01);
        Assert.Equal(2, (points[0].Y - points[3].Y) / (points[0].Y - points[1].Y), 0.01);
    }

    [Fact]
    public void An_edit_shows_in_the_picture_too()
    {
        var figure = Chart.Line("t", "x", "y", new Series("s", [1.0, 10, 100])).WithLayout("yaxis.type", "log").WithTrace(0, "line.color", "#123456");
        var points = Path(figure);

        Assert.Equal(points[0].Y - points[1].Y, points[1].Y - points[2].Y, 0.05);
        Assert.Contains("#123456", figure.ToSvg(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_histogram_counts_every_value()
    {
        double[] values = [.. Enumerable.Range(0, 500).Select(i => Math.Sin(i) * 3)];
        var figure = Chart.Histogram("t", "x", 12, ("s", values));
        double[] heights = [.. Data(figure, "rect").Select(r => Number(r, "height"))];
        var (start, size) = (figure.Get("data[0].xbins.start")!.GetValue<double>(), figure.Get("data[0].xbins.size")!.GetValue<double>());
        double[] counts = [.. Enumerable.Range(0, heights.Length).Select(b => (double)values.Count(v => v >= start + b * size && v < start + (b + 1) * size))];

        Assert.Equal(500, counts.Sum());
        Assert.Equal(counts.Select(c => c / counts.Max()), heights.Select(h => h / heights.Max()), new Near(0.002));
    }

    [Fact]
    public void Heat_map_cells_have_the_colours_of_the_scale_and_gaps_are_empty()
    {
        var shades = Data(Samples.Heatmap(), "path").ToDictionary(p => p.Attribute("stroke")!.Value, p => p.Attribute("d")!.Value.Split('M')[1..]);

        Assert.Equal(5, shades.Values.Sum(cells => cells.Length)); // six less the one that is not a number
        var largest = Assert.Single(shades["#a84300"]); // 4
        var zero = Assert.Single(shades["#f7f7f7"]);
        Assert.True(Top(largest) > Top(zero), "row 0 is on top");

        static double Top(string cell) => double.Parse(cell.Split(' ', 'h')[1], CultureInfo.InvariantCulture);
    }

    [Fact]
    public void A_large_heat_map_stays_small()
    {
        var cells = new double[64, 64];
        for (var i = 0; i < 64 * 64; i++) cells[i / 64, i % 64] = Math.Sin(i);

        Assert.InRange(Chart.Heatmap("t", "x", "y", cells).ToSvg().Length, 10_000, 150_000);
    }

    [Fact]
    public void A_long_title_is_broken_between_words()
    {
        var words = string.Join(' ', Enumerable.Repeat("finding", 30));
        var figure = Samples.Line().WithTitle(words);

        Assert.Equal(words, figure.Title);
        Assert.All(PlotlyText.Lines(figure.Get("layout.title.text")!.GetValue<string>()), line => Assert.InRange(line.Length, 1, 90));
    }

    [Fact]
    public void A_box_stands_between_the_quartiles()
    {
        var data = Data(Chart.Box("t", "x", "y", new Series("s", [.. Enumerable.Range(1, 8).Select(i => (double)i)])), "rect", "line");
        var box = data.Single(e => e.Name.LocalName == "rect");
        var whiskers = data.Where(e => e.Name.LocalName == "line").SelectMany(l => new[] { Number(l, "y1"), Number(l, "y2") }).ToArray();

        // Quartiles of 1..8 by plotly's rule are 2.5 and 6.5: 4 of the 7 units between the whiskers' ends.
        Assert.Equal(4.0 / 7, Number(box, "height") / (whiskers.Max() - whiskers.Min()), 0.005);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("a & b \"c\" 'd' \u0001 \uFFFF")]
    [InlineData("]]> <!-- 猫 Ω")]
    public void Hostile_labels_stay_text(string label)
    {
        var figure = Chart.Bar(label, label, label, [label], new Series(label, [1.0])).WithReferenceLine(label, y: 0.5);
        var svg = XDocument.Parse(figure.ToSvg());

        Assert.DoesNotContain(svg.Descendants(), e => e.Name.LocalName == "script");
        Assert.Contains(svg.Descendants(), e => e.Value == label.Replace('\u0001', '\uFFFD').Replace('\uFFFF', '\uFFFD'));
    }

    [Fact]
    public void What_only_plotly_draws_is_said() => Assert.Contains("Traces of type pie are drawn in the live chart only.",
        Figure.Parse("""{"data":[{"type":"pie","values":[1,2]}],"layout":{}}""").ToSvg(), StringComparison.Ordinal);

    [Fact]
    public void No_data_gives_empty_axes() => XDocument.Parse(Chart.Line("t", "x", "y", new Series("s", [double.NaN])).ToSvg());

    private static XElement[] Data(Figure figure, params string[] names)
    {
        var root = XDocument.Parse(figure.ToSvg()).Root!;
        return [.. root.Elements().Single(e => e.Name.LocalName == "svg").Elements().Where(e => names.Contains(e.Name.LocalName))];
    }

    private static (double X, double Y)[] Path(Figure figure) => [.. Data(figure, "path")[0].Attribute("d")!.Value
        .Split(['M', 'L'], StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split(' '))
        .Select(p => (double.Parse(p[0], CultureInfo.InvariantCulture), double.Parse(p[1], CultureInfo.InvariantCulture)))];

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    private sealed class Near(double tolerance) : IEqualityComparer<double>
    {
        public bool Equals(double a, double b) => Math.Abs(a - b) <= tolerance;

        public int GetHashCode(double value) => 0;
    }
}
