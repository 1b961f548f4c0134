using Markdig;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace SaeNotebooks.Cli.Export;

/// <summary>A heading, for the table of contents.</summary>
/// <param name="Level">1 to 6</param>
/// <param name="Text">its text without markup</param>
/// <param name="Anchor">its element's id</param>
internal sealed record Heading(int Level, string Text, string Anchor);

/// <summary>Markdown cells as HTML: GitHub's dialect plus TeX between dollar signs; pictures are taken into the page.</summary>
/// <param name="folder">the notebook's folder, which relative paths refer to</param>
internal sealed class MarkdownHtml(string folder)
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables().UseEmphasisExtras().UseAutoLinks().UseTaskLists().UseFootnotes().UseMathematics().UseAlertBlocks().Build();

    private readonly List<Heading> headings = [];

    /// <summary>All headings rendered so far, in order.</summary>
    public IReadOnlyList<Heading> Headings => headings;

    /// <summary>Renders one cell.</summary>
    /// <exception cref="CliException">a picture it names is not there</exception>
    public string ToHtml(string markdown)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        foreach (var heading in document.Descendants<HeadingBlock>()) Note(heading);
        foreach (var link in document.Descendants<LinkInline>()) link.Url = link.IsImage ? Picture(link.Url) : Target(link.Url);
        return document.ToHtml(Pipeline);
    }

    /// <summary>The level of the cell's first line if that is a heading, or null.</summary>
    public static int? LeadingHeading(string markdown) =>
        Markdown.Parse(markdown, Pipeline).FirstOrDefault() is HeadingBlock heading ? heading.Level : null;

    private void Note(HeadingBlock heading)
    {
        var text = string.Concat(heading.Inline!.Descendants().Select(i => i switch
        {
            LiteralInline literal => literal.Content.ToString(),
            CodeInline code => code.Content,
            _ => "",
        }));
        var slug = string.Join('-', new string([.. text.ToLowerInvariant().Select(c => char.IsLetterOrDigit(c) ? c : ' ')])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var anchor = headings.Any(h => h.Anchor == slug) || slug.Length == 0 ? $"{slug}-{headings.Count + 1}" : slug;
        heading.GetAttributes().Id = anchor;
        headings.Add(new Heading(heading.Level, text, anchor));
    }

    /// <summary>Notebooks link to each other; their pages do too.</summary>
    private static string? Target(string? url) =>
        url is not null && !url.Contains("://", StringComparison.Ordinal) && url.Split('#')[0].EndsWith(".ipynb", StringComparison.Ordinal)
            ? url.Replace(".ipynb", ".html", StringComparison.Ordinal) : url;

    private string? Picture(string? url)
    {
        if (url is null || url.StartsWith("data:", StringComparison.Ordinal)) return url;
        var file = Path.Combine(folder, Uri.UnescapeDataString(url));
        if (url.Contains("://", StringComparison.Ordinal) || !File.Exists(file))
            throw new CliException($"The picture '{url}' in a markdown cell is not a file beside the notebook (looked for '{file}').");
        return $"data:{MediaType(file)};base64,{Convert.ToBase64String(File.ReadAllBytes(file))}";
    }

    private static string MediaType(string file) => Path.GetExtension(file).ToLowerInvariant() switch
    {
        ".svg" => "image/svg+xml",
        ".jpg" or ".jpeg" => "image/jpeg",
        var extension => $"image/{extension.TrimStart('.')}",
    };
}
