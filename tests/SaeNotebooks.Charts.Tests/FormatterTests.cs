using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive.Formatting;
using SaeNotebooks.Display;
using SaeNotebooks.Figures;

namespace SaeNotebooks.Charts.Tests;

/// <summary>The library references no notebook host; .NET Interactive's own formatting library must still find its formatters.</summary>
public class FormatterTests
{
    [Fact]
    public void A_figure_is_shown_in_four_ways()
    {
        var figure = Samples.Line();

        Assert.Equal(["text/html", "application/vnd.plotly.v1+json", "image/svg+xml", "text/plain"], Formatter.GetPreferredMimeTypesFor(typeof(Figure)));
        Assert.Equal(figure.ToHtml(), figure.ToDisplayString("text/html"));
        Assert.Equal(2, JsonNode.Parse(figure.ToDisplayString("application/vnd.plotly.v1+json"))!["data"]!.AsArray().Count);
        Assert.StartsWith("<svg", figure.ToDisplayString("image/svg+xml"), StringComparison.Ordinal);
        Assert.Contains("Norms grow", figure.ToDisplayString("text/plain"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(TokenStrip))]
    [InlineData(typeof(DataTable))]
    [InlineData(typeof(SideBySide))]
    [InlineData(typeof(NotebookSetup))]
    [InlineData(typeof(SaeNotebooks.Models.ModelRun))]
    [InlineData(typeof(SaeNotebooks.Models.HookedTransformer))]
    [InlineData(typeof(SaeNotebooks.Saes.Sae))]
    [InlineData(typeof(SaeNotebooks.Hooks.Edits))]
    [InlineData(typeof(TensorSummary))]
    [InlineData(typeof(SaeNotebooks.Features.Dashboards.Dashboard))]
    [InlineData(typeof(SaeNotebooks.Features.Interpretation.LatentLabels))]
    public void Other_values_are_shown_as_html_and_text(Type type) =>
        Assert.Equal(["text/html", "text/plain"], Formatter.GetPreferredMimeTypesFor(type));

    [Fact]
    public void Every_displayable_type_is_marked_for_notebooks()
    {
        var unmarked = typeof(IDisplayable).Assembly.GetTypes()
            .Where(t => typeof(IDisplayable).IsAssignableFrom(t) && !t.IsInterface && !t.IsAbstract)
            .Where(t => t.GetCustomAttributes(true).All(a => a.GetType().Name != "TypeFormatterSourceAttribute"));

        Assert.Empty(unmarked);
    }

    [Fact]
    public void What_has_a_picture_brings_it_along_for_hosts_without_scripts()
    {
        // What is not public is no value of a cell: whoever displays it names its types.
        var displayable = typeof(IDisplayable).Assembly.GetExportedTypes().Where(t => typeof(IDisplayable).IsAssignableFrom(t) && t is { IsInterface: false, IsAbstract: false });
        foreach (var (member, mime) in new[] { ("ToSvg", "image/svg+xml"), ("ToPlotlyJson", "application/vnd.plotly.v1+json") })
            foreach (var type in displayable.Where(t => Implements(t, member))) Assert.Contains(mime, Formatter.GetPreferredMimeTypesFor(type));
        static bool Implements(Type type, string member)
        {
            var map = type.GetInterfaceMap(typeof(IDisplayable));
            return map.TargetMethods[Array.FindIndex(map.InterfaceMethods, m => m.Name == member)].DeclaringType != typeof(IDisplayable);
        }
    }

    [Fact]
    public void Where_json_would_arrive_as_text_the_html_carries_the_chart()
    {
        string[] all = ["text/html", "application/vnd.plotly.v1+json", "text/plain"];

        Assert.Equal(["text/html", "text/plain"], Display.TypeFormatterSourceAttribute.ForHost(all, ["System", "Microsoft.DotNet.Interactive.Jupyter"]));
        Assert.Equal(all, Display.TypeFormatterSourceAttribute.ForHost(all, ["Microsoft.DotNet.Interactive.Formatting"]));
    }

    [Fact]
    public void Html_escapes_reach_the_notebook_once() =>
        Assert.Contains("&lt;s&gt;", Show.Tokens(["<s>"], [1]).ToDisplayString("text/html"), StringComparison.Ordinal);
}
