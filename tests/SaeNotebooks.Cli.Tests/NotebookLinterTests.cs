using System.Text.Json.Nodes;
using SaeNotebooks.Cli.Notebooks;

namespace SaeNotebooks.Cli.Tests;

public class NotebookLinterTests
{
    [Fact]
    public void ANormalisedNotebookIsClean() => Assert.Empty(Sample.Lint(_ => { }));

    [Theory]
    [InlineData("#!javascript\nalert(1)", "'#!javascript'")]
    [InlineData("#!set --value 30 --name x", "'#!set'")]
    [InlineData("#!time", "'#!time'")]
    [InlineData("#r \"nuget: @input, 1.0\"", "'@input'")]
    [InlineData("#r \"nuget: MathNet.Numerics\"", "names no version")]
    [InlineData("#r \"nuget: Plotly.NET, 6.0.0\"", "FSharp.Core")]
    [InlineData("KernelInvocationContext.Current.Display(1);", "one host's own")]
    [InlineData("ClearOutput();", "one host's own")]
    [InlineData("var name = Console.ReadLine();", "waits for a person")]
    [InlineData("using static TorchSharp.torch;", "without an #r")]
    [InlineData("HTML(\"<b>x</b>\")", "HTML(")]
    [InlineData("display(1).Update(2);", "display(…)")]
    [InlineData("var d = display(1);\nd.Update(2);", "display(…)")]
    [InlineData("static class E { public static int Twice(this int x) => 2 * x; }", "CS1109")]
    [InlineData("#r \"/opt/lib/SaeNotebooks.dll\"", "absolute path")]
    public void CodeThatOneHostAloneRunsIsFound(string code, string expected) =>
        Assert.Contains(expected, Assert.Single(Sample.Lint(n => Cell(n, "norms")["source"] = code)).Message);

    [Theory]
    [InlineData("#r \"../artifacts/workbench/SaeNotebooks.dll\"")]
    [InlineData("#!import ./shared.ipynb")]
    [InlineData("#r \"nuget: MathNet.Numerics, 5.0.0\"")]
    [InlineData("#r \"../artifacts/workbench/TorchSharp.dll\"\nusing TorchSharp;")]
    [InlineData("display(x); table.Update(y);")]
    [InlineData("static class E { public static int Twice(int x) => 2 * x; }")]
    [InlineData("var html = figure.ToHtml();")]
    public void CodeThatEveryHostRunsIsNot(string code) => Assert.Empty(Sample.Lint(n => Cell(n, "norms")["source"] = code));

    [Fact]
    public void DocumentMetadataMustBePolyglots()
    {
        Assert.Contains("metadata.kernelspec", Assert.Single(Sample.Lint(n => n["metadata"]!["kernelspec"]!["name"] = "sae-csharp")).Message);
        Assert.Contains("metadata.language_info", Assert.Single(Sample.Lint(n => n["metadata"]!["language_info"] = null)).Message);
        Assert.Contains("nbformat_minor", Assert.Single(Sample.Lint(n => n["nbformat_minor"] = 4)).Message);
    }

    [Fact]
    public void CellsNeedMetadataAndUniqueIds()
    {
        Assert.Equal(2, Sample.Lint(n => Cell(n, "norms")["metadata"] = new JsonObject()).Count);
        Assert.Contains("share the id", Assert.Single(Sample.Lint(n => Cell(n, "norms")["id"] = "sum")).Message);
        Assert.Contains("the id ''", Assert.Single(Sample.Lint(n => Cell(n, "norms").Remove("id"))).Message);
    }

    [Fact]
    public void ExecutionOutOfOrderIsFound() =>
        Assert.Contains("execution counts", Assert.Single(Sample.Lint(n => Cell(n, "norms")["execution_count"] = 7)).Message);

    [Theory]
    [InlineData("<script data-saenotebooks=\"plotly\">x</script>", "plotly.js")]
    [InlineData("<div class='dotnet-interactive-this-cell-1'></div>", "start-up script")]
    [InlineData("<img src='https://example.org/a.png'>", "network")]
    [InlineData("<p>read /home/someone/model.bin</p>", "one machine")]
    [InlineData("<div data-sae-figure='1'></div>", "no picture")]
    public void OutputsThatMustNotBeCommittedAreFound(string html, string expected) =>
        Assert.Contains(expected, Assert.Single(Sample.Lint(n => Cell(n, "norms")["outputs"]![0]!["data"] = new JsonObject { ["text/html"] = html })).Message);

    [Fact]
    public void SavedErrorsAndRemotePicturesAreFound()
    {
        Assert.Contains("is an error", Assert.Single(Sample.Lint(n => Cell(n, "check")["outputs"] = new JsonArray(new JsonObject
        {
            ["output_type"] = "error", ["ename"] = "E", ["evalue"] = "m", ["traceback"] = new JsonArray(),
        }))).Message);
        Assert.Contains("from the network", Assert.Single(Sample.Lint(n => Cell(n, "sum")["source"] = "![x](https://example.org/x.png)")).Message);
    }

    [Fact]
    public void TooBigIsFound() =>
        Assert.Contains("bytes", Assert.Single(Sample.Lint(n => Cell(n, "sum")["source"] = new string('x', NotebookLinter.MaximumSize))).Message);

    private static JsonObject Cell(JsonObject notebook, string id) =>
        notebook["cells"]!.AsArray().Select(c => c!.AsObject()).Single(c => (string?)c["id"] == id);
}
