using System.Net;

namespace SaeNotebooks.Cli.Export;

/// <summary>What pages, slides and the index have in common.</summary>
internal static class PageShell
{
    /// <summary>The document's start up to its body.</summary>
    /// <param name="title">the window's title</param>
    /// <param name="shared">a style sheet of this program</param>
    /// <param name="own">another, for this kind of page</param>
    /// <param name="before">style elements that both may override</param>
    public static string Head(string title, string shared, string own, string before = "") => $"""
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <link rel="icon" href="data:,"><title>{WebUtility.HtmlEncode(title)}</title>
        {before}{WebAssets.Style(WebAssets.Own(shared))}{WebAssets.Style(WebAssets.Own(own))}</head>
        """;

    /// <summary><paramref name="html"/>, once it is known to load nothing from elsewhere.</summary>
    /// <exception cref="CliException">it would</exception>
    public static string Checked(string notebook, string html) =>
        ExternalResources.Find(html) is [var first, ..]
            ? throw new CliException($"{Path.GetFileName(notebook)}: its page would load '{first}', which a machine without a network cannot.")
            : html;
}
