using System.Text.RegularExpressions;
using System.Xml.Linq;
using SaeNotebooks.Display;
using SaeNotebooks.Figures;

namespace SaeNotebooks.Charts.Tests;

public class HtmlTests
{
    public static TheoryData<string> Charts => Samples.Names;

    [Theory, MemberData(nameof(Charts))]
    public void A_chart_in_a_page_holds_its_data_and_a_picture_but_not_plotly(string chart)
    {
        var html = Samples.Of(chart).ToHtml();

        Assert.Contains("<svg", html, StringComparison.Ordinal);
        Assert.Contains("Plotly.newPlot", html, StringComparison.Ordinal);
        Assert.InRange(html.Length, 1000, 50_000);
        Assert.Equal(1, Count(html, "<script"));
        Assert.Equal(1, Count(html, "</script"));
        Assert.Equal(html, Samples.Of(chart).ToHtml()); // the same notebook gives the same file
    }

    [Fact]
    public void Texts_of_a_chart_cannot_end_its_script() =>
        Assert.Equal(1, Count(Chart.Line("</script><script>alert(1)</script>", "x", "y", new Series("</script>", [1.0])).ToHtml(), "</script"));

    [Fact]
    public void The_page_picture_takes_the_pages_text_colour_and_the_standalone_one_brings_its_own()
    {
        var figure = Samples.Line();

        Assert.Null(Root(figure.ToEmbeddedSvg()).Attribute("color"));
        Assert.Equal("#7A7F87", Root(figure.ToSvg()).Attribute("color")!.Value);
    }

    [Fact]
    public void Plotly_js_comes_out_of_the_plug_in_and_is_hidden_from_module_loaders()
    {
        var source = PlotlyScript.Read();
        var script = PlotlyScript.Wrap(source);

        Assert.StartsWith("/**\n* plotly.js v2.", source.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.StartsWith($"<script {PlotlyScript.Marker}>", script, StringComparison.Ordinal);
        Assert.Contains("(define, module, exports)", script, StringComparison.Ordinal);
        Assert.Equal(1, Count(script, "</script"));
    }

    [Fact]
    public void A_script_that_names_its_own_end_is_escaped() =>
        Assert.Equal(1, Count(PlotlyScript.Wrap("var a = '</SCRIPT>' + '</script>';"), "</script"));

    [Fact]
    public void Setup_says_what_the_notebook_runs_on()
    {
        var setup = Notebook.Setup();

        Assert.Matches(@"^SaeNotebooks \d+\.\d+\.\d+ on (CPU|CUDA.*), \d+ threads?$", setup.ToText());
        Assert.Contains(PlotlyScript.Marker, setup.ToHtml(), StringComparison.Ordinal);
    }

    private static XElement Root(string svg) => XDocument.Parse(svg).Root!;

    private static int Count(string text, string part) => Regex.Count(text, Regex.Escape(part), RegexOptions.IgnoreCase);
}
