using System.Net;
using SaeNotebooks.Cli.Notebooks;

namespace SaeNotebooks.Cli.Export;

/// <summary>The page that links to every exported notebook.</summary>
internal static class IndexPage
{
    /// <summary>The page's HTML.</summary>
    public static string ToHtml(IEnumerable<NotebookFile> notebooks) => PageShell.Checked("index.html", $"""
        {PageShell.Head("Notebooks", "shared.css", "page.css")}
        <body><div class="bar"><span></span><button id="theme">Theme</button></div>
        <main class="index"><section class="text"><h1>Notebooks</h1>
        {string.Concat(notebooks.Select(Entry))}</section></main>
        {WebAssets.Script(WebAssets.Own("shared.js"))}</body></html>

        """);

    private static string Entry(NotebookFile n) =>
        $"<article><h2><a href=\"{n.Name}.html\">{WebUtility.HtmlEncode(n.Title)}</a></h2><p>{WebUtility.HtmlEncode(Opening(n))}</p>"
        + $"<p class=\"links\"><a href=\"{n.Name}.html\">Page</a> · <a href=\"{n.Name}.slides.html\">Slides</a> · <a href=\"{n.Name}.ipynb\">Notebook</a></p></article>\n";

    /// <summary>The first paragraph after the title that is plain text.</summary>
    private static string Opening(NotebookFile notebook) =>
        notebook.Cells.Where(c => c.Kind == CellKind.Markdown).SelectMany(c => c.Source.Split("\n\n"))
            .Select(p => p.Trim()).FirstOrDefault(p => p.Length > 0 && p[0] is not ('#' or '!' or '<' or '|') && !p.Contains('$'))
            is { } paragraph ? Markdig.Markdown.ToPlainText(paragraph).Trim() : "";
}
