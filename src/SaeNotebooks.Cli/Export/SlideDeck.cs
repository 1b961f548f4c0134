using System.Net;
using System.Text;
using SaeNotebooks.Cli.Notebooks;

namespace SaeNotebooks.Cli.Export;

/// <summary>A notebook as reveal.js slides in one HTML file that needs nothing else.</summary>
internal static class SlideDeck
{
    /// <summary>The deck's HTML.</summary>
    /// <exception cref="CliException">something in the notebook would be loaded from elsewhere</exception>
    public static string ToHtml(NotebookFile notebook, WebAssets assets)
    {
        var markdown = new MarkdownHtml(Path.GetDirectoryName(Path.GetFullPath(notebook.Path))!);
        var body = string.Concat(SlideOutline.Of(notebook).Select(column => Column(column, markdown)));
        return PageShell.Checked(notebook.Path, $"""
            {PageShell.Head(notebook.Title, "shared.css", "slides.css", assets.RevealStyle)}
            <body>
            <div class="reveal"><div class="slides">
            {body}</div></div>
            {assets.KatexFor(body)}{assets.RevealScripts}{WebAssets.Script(WebAssets.Own("shared.js"))}{WebAssets.Script(WebAssets.Own("slides.js"))}{assets.PlotlyFor(body)}</body></html>

            """);
    }

    private static string Column(IReadOnlyList<Slide> column, MarkdownHtml markdown)
    {
        var slides = column.Select(s => Section(s, markdown)).Where(s => s.Length > 0).ToList();
        return slides.Count switch
        {
            0 => "",
            1 => slides[0],
            _ => $"<section>\n{string.Concat(slides)}</section>\n",
        };
    }

    /// <summary>A slide without a heading of its own says which section it belongs to.</summary>
    private static string Section(Slide slide, MarkdownHtml markdown)
    {
        var html = new StringBuilder();
        var before = markdown.Headings.Count;
        foreach (var part in slide.Parts)
            if (Part(part, markdown) is { Length: > 0 } shown)
                html.Append(part.IsNote ? $"<aside class=\"notes\">{shown}</aside>\n"
                    : $"<div class=\"{PartClass(part)}\">{shown}</div>\n");
        if (html.Length == 0) return "";
        var hasHeading = markdown.Headings.Count > before;
        var running = hasHeading || before == 0 ? "" : $"<p class=\"running\">{WebUtility.HtmlEncode(markdown.Headings[^1].Text)}</p>\n";
        return $"<section><div class=\"fit\">\n{running}{html}</div></section>\n";
    }

    private static string PartClass(SlidePart part) =>
        (part.Cell.Kind == CellKind.Markdown ? "text" : "cell") + (part.IsFragment ? " fragment" : "");

    /// <summary>Where a cell draws, the drawing is what the room came for: its code is one click away.</summary>
    private static string Part(SlidePart part, MarkdownHtml markdown) => part.Cell.Kind switch
    {
        CellKind.Markdown => markdown.ToHtml(part.Cell.Source),
        CellKind.Code => CellHtml.Code(part.Cell, open: !CellHtml.HasPicture(part.Cell)) + CellHtml.Outputs(part.Cell, markdown),
        _ => "",
    };
}
