using System.Text.Json.Nodes;
using SaeNotebooks.Cli.Notebooks;

namespace SaeNotebooks.Cli.Tests;

public class NotebookNormaliserTests
{
    [Fact]
    public void CommittedNotebooksLosePlotlyJsAndNothingElse()
    {
        var before = Sample.Executed();
        var after = NotebookFile.Parse("x", NotebookNormaliser.Normalise(before, withoutPlotlyScript: true));
        Assert.Equal(before.Cells.Select(c => (c.Id, c.Source)), after.Cells.Select(c => (c.Id, c.Source)));
        Assert.Equal(before.Cells[3].Outputs[0].Data, after.Cells[3].Outputs[0].Data);
        Assert.Equal("layers: 6\n", Assert.Single(after.Cells[1].Outputs).Text);
    }

    [Fact]
    public void WhatStandsBesidePlotlyJsStays()
    {
        var notebook = Sample.With(n => n["cells"]![1]!["outputs"]![1]!["data"]!["text/html"] =
            "<script data-saenotebooks=\"plotly\">\n(1)\n</script>\n<div>SaeNotebooks on CPU</div>");
        var after = NotebookFile.Parse("x", NotebookNormaliser.Normalise(notebook, withoutPlotlyScript: true));
        Assert.Equal("<div>SaeNotebooks on CPU</div>", after.Cells[1].Outputs[1].Data["text/html"].Trim());
    }

    [Fact]
    public void RunNotebooksKeepPlotlyJs() =>
        Assert.Contains("data-saenotebooks", NotebookNormaliser.Normalise(Sample.Executed(), withoutPlotlyScript: false));

    [Fact]
    public void ViewsOfWidgetsGoForTheirModelsHaveEnded()
    {
        var notebook = Sample.With(n =>
        {
            var data = n["cells"]![1]!["outputs"]![1]!["data"]!;
            data["application/vnd.jupyter.widget-view+json"] = new JsonObject { ["version_major"] = 2, ["version_minor"] = 0, ["model_id"] = "0123" };
            data["text/html"] = "<div>n = 3</div>";
        });
        var after = NotebookFile.Parse("x", NotebookNormaliser.Normalise(notebook, withoutPlotlyScript: false));
        Assert.Equal("<div>n = 3</div>", after.Cells[1].Outputs[1].Data["text/html"]);
        Assert.DoesNotContain("application/vnd.jupyter.widget-view+json", after.Cells[1].Outputs[1].Data.Keys);
    }

    [Fact]
    public void MetadataIsTheSameWhicheverClientRan()
    {
        var text = NotebookNormaliser.Normalise(Sample.Executed(), withoutPlotlyScript: true);
        Assert.DoesNotContain("iopub", text);
        Assert.Equal("polyglot-notebook", (string?)JsonNode.Parse(text)!["metadata"]!["language_info"]!["name"]);
        Assert.Equal(text, NotebookNormaliser.Normalise(NotebookFile.Parse("x", text), withoutPlotlyScript: true));
        Assert.EndsWith("}\n", text);
    }

    [Fact]
    public void StartUpScriptsOfNetInteractiveGo()
    {
        var notebook = Sample.With(n => n["cells"]![1]!["outputs"]![1]!["data"]!["text/html"] = "<div id='dotnet-interactive-this-cell-4'></div>");
        Assert.DoesNotContain("dotnet-interactive-this-cell", NotebookNormaliser.Normalise(notebook, withoutPlotlyScript: false));
    }

    [Theory]
    [InlineData("")]
    [InlineData("one")]
    [InlineData("one\ntwo")]
    [InlineData("one\n\ntwo\n")]
    public void LinesJoinToTheTextTheyCameFrom(string text)
    {
        var lines = MultilineText.Split(text);
        Assert.Equal(text, MultilineText.Join(lines));
        Assert.All(lines.SkipLast(1), l => Assert.EndsWith("\n", l!.GetValue<string>()));
    }
}
