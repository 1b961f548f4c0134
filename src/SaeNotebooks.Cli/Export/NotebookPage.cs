using System.Net;
using System.Text;
using SaeNotebooks.Cli.Notebooks;

namespace SaeNotebooks.Cli.Export;

/// <summary>A notebook as one HTML file that needs nothing else: text, code, outputs, charts and formulas.</summary>
internal static class NotebookPage
{
    /// <summary>The page's HTML.</summary>
    /// <exception cref="CliException">something in the notebook would be loaded from elsewhere</exception>
    public static string ToHtml(NotebookFile notebook, WebAssets assets)
    {
        var markdown = new MarkdownHtml(Path.GetDirectoryName(Path.GetFullPath(notebook.Path))!);
        var body = Body(notebook, markdown);
        return PageShell.Checked(notebook.Path, $"""
            {PageShell.Head(notebook.Title, "shared.css", "page.css")}
            <body>
            <div class="bar"><a href="index.html">Notebooks</a><span></span><a href="{notebook.Name}.slides.html">Slides</a>
            <button id="fold">Hide code</button><button id="theme">Theme</button></div>
            <nav><div>{Contents(markdown.Headings)}</div></nav>
            <main>
            {body}</main>
            {assets.KatexFor(body)}{WebAssets.Script(WebAssets.Own("shared.js"))}{WebAssets.Script(WebAssets.Own("page.js"))}{assets.PlotlyFor(body)}</body></html>

            """);
    }

    private static string Body(NotebookFile notebook, MarkdownHtml markdown)
    {
        var html = new StringBuilder();
        foreach (var cell in notebook.Cells.Where(c => !c.Tags.Contains("remove-cell")))
        {
            if (cell.Kind == CellKind.Markdown) html.Append($"<section class=\"text\">{markdown.ToHtml(cell.Source)}</section>\n");
            else if (cell.Kind == CellKind.Code)
                html.Append($"<section class=\"cell\">{CellHtml.Code(cell, open: true)}{CellHtml.Outputs(cell, markdown)}</section>\n");
        }
        return html.ToString();
    }

    private static string Contents(IReadOnlyList<Heading> headings) => string.Concat(headings.Where(h => h.Level <= 3)
        .Select(h => $"<a class=\"h{h.Level}\" href=\"#{h.Anchor}\">{WebUtility.HtmlEncode(h.Text)}</a>"));
}
