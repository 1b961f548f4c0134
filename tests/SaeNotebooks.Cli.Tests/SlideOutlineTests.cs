using System.Text.Json.Nodes;
using SaeNotebooks.Cli.Export;
using SaeNotebooks.Cli.Notebooks;

namespace SaeNotebooks.Cli.Tests;

public class SlideOutlineTests
{
    [Fact]
    public void MetadataDecidesWhereThereIsAny()
    {
        var notebook = Sample.With(n =>
        {
            string[] types = ["slide", "-", "subslide", "fragment", "skip", "slide", "notes", "-"];
            for (var i = 0; i < types.Length; i++) n["cells"]![i]!["metadata"]!["slideshow"] = new JsonObject { ["slide_type"] = types[i] };
        });
        Assert.Equal("title setup / sum norms+ | lens check-text* check", Describe(notebook));
    }

    [Fact]
    public void HeadingsAndChartsDecideOtherwise() =>
        Assert.Equal("title setup | sum / norms / lens-text lens | check-text check", Describe(Sample.Executed()));

    /// <summary>Columns are divided by |, slides by /; + marks a fragment and * a note.</summary>
    private static string Describe(NotebookFile notebook) => string.Join(" | ", SlideOutline.Of(notebook).Select(column =>
        string.Join(" / ", column.Select(slide => string.Join(" ", slide.Parts.Select(p =>
            p.Cell.Id + (p.IsFragment ? "+" : "") + (p.IsNote ? "*" : "")))))));
}
