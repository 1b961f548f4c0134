using System.Globalization;
using System.Xml.Linq;
using SaeNotebooks.Figures;

namespace SaeNotebooks.Charts.Tests;

public class ReferenceLineTests
{
    private const string Label = "what guessing would give";

    [Fact]
    public void The_label_of_a_height_stands_right_of_all_marks_and_within_the_picture()
    {
        var svg = Svg(Samples.Bar().WithReferenceLine(Label, y: 1));
        var label = Text(svg, Label);
        var plot = svg.Elements().Single(e => e.Name.LocalName == "svg");

        Assert.True(Number(label, "x") >= Number(plot, "x") + Number(plot, "width"));
        Assert.True(Number(label, "x") + 12 * 0.5 * Label.Length < Number(svg, "width")); // half an em a letter is less than any of these
    }

    [Theory]
    [InlineData(-3), InlineData(1.4), InlineData(9)]
    public void A_line_beyond_all_marks_lies_in_the_plot_with_its_label(double x)
    {
        var svg = Svg(Chart.Histogram("t", "x", 10, new Series("few", [1.0, 1.2, 1.5, 2]), new Series("more", [1.1, 1.3, 1.9])).WithReferenceLine(Label, x: x));
        var plot = svg.Elements().Single(e => e.Name.LocalName == "svg");
        var (left, right) = (Number(plot, "x"), Number(plot, "x") + Number(plot, "width"));
        var line = plot.Elements().Single(e => e.Name.LocalName == "line" && e.Attribute("stroke-dasharray") is not null);
        var label = Text(svg, Label);

        Assert.InRange(Number(line, "x1"), left + 1, right - 1);
        var towards = label.Attribute("text-anchor")!.Value == "start" ? 1 : -1;
        Assert.InRange(Number(label, "x") + towards * 12 * 0.5 * Label.Length, left, right); // half an em a letter is less than any of these
    }

    [Fact]
    public void The_legend_stands_between_title_and_plot()
    {
        var before = Samples.Bar();
        var figure = before.WithReferenceLine(Label, y: 1);
        var svg = Svg(figure);
        var plot = Number(svg.Elements().Single(e => e.Name.LocalName == "svg"), "y");

        foreach (var name in new[] { "up", "down" })
            Assert.InRange(Number(Text(svg, name), "y"), Number(Text(svg, before.Title), "y") + 12, plot);
        Assert.True(Room(figure) > Room(before));
    }

    [Fact]
    public void A_second_line_and_another_title_need_no_more_room()
    {
        var once = Samples.Bar().WithReferenceLine(Label, y: 1);

        Assert.Equal(Room(once), Room(once.WithReferenceLine("half", y: 0.5)));
        Assert.Equal(Room(once), Room(once.WithTitle("Another")));
        var longer = once.WithTitle(new string('a', 60) + " " + new string('b', 60)); // a line more
        Assert.Equal((Room(once) + 22, Pad(once) + 11), (Room(longer), Pad(longer))); // whose middle lies half a line lower
    }

    [Fact]
    public void Names_that_do_not_fit_into_a_row_take_another()
    {
        Figure Of(int series, int length) => Chart.Line("t", "x", "y", [.. Enumerable.Range(0, series).Select(i => new Series(new string('n', length) + i, [1.0, 2]))])
            .WithReferenceLine(Label, y: 1);

        Assert.Equal(Room(Of(2, 10)), Room(Of(3, 10)));
        Assert.True(Room(Of(6, 40)) > Room(Of(2, 40)));
        Assert.Equal(Room(Chart.Line("t", "x", "y", new Series("one", [1.0, 2]))), Room(Of(1, 10))); // a single series has no legend
    }

    [Fact]
    public void A_logarithmic_axis_is_marked_at_full_numbers()
    {
        var figure = Samples.Line().WithLogAxis("y");

        Assert.Equal("log", figure.Get("layout.yaxis.type")!.GetValue<string>());
        Assert.Contains(Svg(figure).Descendants(), e => e.Name.LocalName == "text" && e.Value == "5");
        Assert.Contains("'z'", Assert.Throws<ArgumentException>(() => figure.WithLogAxis("z")).Message);
    }

    private static double Room(Figure figure) => figure.Get("layout.margin.t")!.GetValue<double>();

    private static double Pad(Figure figure) => figure.Get("layout.title.pad.t")!.GetValue<double>();

    private static XElement Svg(Figure figure) => XDocument.Parse(figure.ToSvg()).Root!;

    private static XElement Text(XElement svg, string text) => svg.Descendants().Single(e => e.Name.LocalName == "text" && e.Value == text);

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
