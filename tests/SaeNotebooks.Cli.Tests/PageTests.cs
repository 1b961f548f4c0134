using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SaeNotebooks.Cli.Export;
using SaeNotebooks.Cli.Notebooks;

namespace SaeNotebooks.Cli.Tests;

public sealed class PageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private string Page(NotebookFile notebook) => NotebookPage.ToHtml(notebook, Sample.Assets(folder));

    private string Deck(NotebookFile notebook) => SlideDeck.ToHtml(notebook, Sample.Assets(folder));

    [Fact]
    public void PagesAndSlidesLoadNothing()
    {
        string[] pages = [Page(Sample.Executed()), Deck(Sample.Executed()), IndexPage.ToHtml([Sample.Executed()])];
        foreach (var html in pages)
        {
            Assert.Empty(ExternalResources.Find(html));
            Assert.DoesNotMatch("""<(script|link|img|iframe)\b[^>]*(src|href)\s*=\s*"?(https?:|//|file:)""", html);
            Assert.DoesNotMatch("""url\((?!data:)""", html);
        }
    }

    [Fact]
    public void PlotlyJsIsThereOnceAndCannotEndItsElement()
    {
        foreach (var html in new[] { Page(Sample.Executed()), Deck(Sample.Executed()) })
        {
            Assert.Single(Regex.Matches(html, "the plotly stand-in"));
            Assert.Contains("once: <\\/script>", html);
        }
    }

    [Fact]
    public void WhatAPageDoesNotUseIsNotInIt()
    {
        var html = Page(Sample.With(n => n["cells"] = new JsonArray(n["cells"]![0]!.DeepClone())));
        Assert.DoesNotContain("plotly stand-in", html);
        Assert.DoesNotContain("katex stand-in", html);
    }

    [Fact]
    public void FormulasBringKatexWithItsFonts()
    {
        var html = Page(Sample.Executed());
        Assert.Contains("the katex stand-in", html);
        Assert.Contains("src:url(data:font/woff2;base64,Zm9udA==) format(\"woff2\")}", html);
        Assert.Contains("<div class=\"math\">", html);
    }

    [Fact]
    public void AnOutputFromTheNetworkIsRefused()
    {
        var notebook = Sample.With(n => n["cells"]![3]!["outputs"]![0]!["data"]!["text/html"] = "<script src='https://cdn.example/x.js'></script>");
        Assert.Contains("https://cdn.example/x.js", Assert.Throws<CliException>(() => Page(notebook)).Message);
    }

    [Fact]
    public void HeadingsMakeTheContentsWithUniqueAnchors()
    {
        var html = Page(Sample.With(n => n["cells"]![4]!["source"] = "## The running sum\n\nagain"));
        Assert.Contains("<a class=\"h2\" href=\"#the-running-sum\">", html);
        var ids = Regex.Matches(html, "<h[1-6] id=\"([^\"]*)\"").Select(m => m.Groups[1].Value).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Contains($"href=\"#{id}\"", html));
    }

    [Fact]
    public void TagsFoldAndRemove()
    {
        string With(string tag) => Page(Sample.With(n => n["cells"]![3]!["metadata"]!["tags"] = new JsonArray(tag)));
        Assert.DoesNotContain("class=\"m\">ResidPost", With("remove-input"));
        Assert.Contains("<details class=\"code\"><summary>C# · 6 lines", With("hide-input"));
        Assert.DoesNotContain("drawWhen", With("remove-output"));
        Assert.DoesNotContain("drawWhen", With("remove-cell"));
    }

    [Fact]
    public void LinksToOtherNotebooksLeadToTheirPages() => Assert.Contains("href=\"02-neurons.html\"", Page(Sample.Executed()));

    [Fact]
    public void AMissingPictureIsNamed()
    {
        var notebook = Sample.With(n => n["cells"]![0]!["source"] = "![x](images/none.png)");
        Assert.Contains("images/none.png", Assert.Throws<CliException>(() => Page(notebook)).Message);
    }

    [Fact]
    public void PicturesAreTakenIntoThePage()
    {
        folder.Write("images/dot.svg", "<svg/>");
        var html = new MarkdownHtml(folder.Path).ToHtml("![dot](images/dot.svg)");
        Assert.Contains($"src=\"data:image/svg+xml;base64,{Convert.ToBase64String("<svg/>"u8)}\"", html);
    }

    [Fact]
    public void SpeakerNotesAndFragmentsReachTheDeck()
    {
        var html = Deck(Sample.With(n =>
        {
            Type(n, 0, "slide");
            Type(n, 1, "skip");
            Type(n, 2, "notes");
            Type(n, 3, "fragment");
        }));
        Assert.Matches("<aside class=\"notes\"><h2", html);
        Assert.Matches("<div class=\"cell fragment\"><details class=\"code\"><summary>", html);
        Assert.DoesNotContain("layers: 6", html);
    }

    private static void Type(JsonObject notebook, int cell, string type) =>
        notebook["cells"]![cell]!["metadata"]!["slideshow"] = new JsonObject { ["slide_type"] = type };
}
