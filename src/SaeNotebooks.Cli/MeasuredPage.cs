namespace SaeNotebooks.Cli;

/// <summary>A README whose lower part a command measures; what a person wrote above that part survives the next measurement.</summary>
internal static class MeasuredPage
{
    private const string Marker = "<!-- Measured from here on, and written by a command; text above this line is kept. -->";

    /// <summary>The page's text: what stands above the marker in the file, or the title where there is no such file, then the measurements.</summary>
    /// <param name="path">where the page is, if there is one already</param>
    /// <param name="title">first line of a new page, as Markdown</param>
    /// <param name="measured">the measurements, as Markdown</param>
    public static string Text(string path, string title, string measured) => $"{Above(path) ?? title}\n\n{Marker}\n\n{measured}";

    private static string? Above(string path)
    {
        if (!File.Exists(path)) return null;
        var text = File.ReadAllText(path);
        var at = text.IndexOf(Marker, StringComparison.Ordinal);
        return at < 0 ? throw new CliException($"'{path}' has no line '{Marker}', so it would be overwritten: add the line below what is to stay, or remove the file.")
            : text[..at].Trim();
    }
}
