using System.Text.RegularExpressions;
using SaeNotebooks.Cli.Notebooks;

namespace SaeNotebooks.Cli.Export;

/// <summary>The scripts and styles that go into every page, each read once.</summary>
/// <param name="cache">folder of unpacked JavaScript packages</param>
/// <param name="readPlotly">reads the text of the whole of plotly.js, for charts that no smaller build draws</param>
internal sealed partial class WebAssets(string cache, Func<string> readPlotly)
{
    private readonly Lazy<string> plotly = new(readPlotly);
    private readonly Lazy<string> katexStyle = new(() => KatexStyle(cache));

    /// <summary>Packages that the cache must hold before pages are written.</summary>
    public static IReadOnlyList<NpmPackage> Packages => [NpmPackage.Reveal, NpmPackage.Katex, .. PlotlyBundle.All.Select(b => b.Package)];

    /// <summary>One of this program's own files: a style sheet or a script.</summary>
    public static string Own(string name)
    {
        using var stream = typeof(WebAssets).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"no embedded resource '{name}'");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>A script element with the smallest plotly.js that draws the page's charts, if there are any.</summary>
    public string PlotlyFor(string body) =>
        body.Contains("Plotly", StringComparison.Ordinal) || body.Contains("plotly-chart", StringComparison.Ordinal)
            ? Script(PlotlyBundle.For(body) is { } bundle ? bundle.Package.ReadText(cache, bundle.File) : plotly.Value, PlotlyMarker.Attribute) : "";

    /// <summary>Style and script elements with KaTeX and its fonts, if the page has formulas.</summary>
    public string KatexFor(string body) =>
        body.Contains("class=\"math\"", StringComparison.Ordinal)
            ? Style(katexStyle.Value) + Script(NpmPackage.Katex.ReadText(cache, "dist/katex.min.js")) : "";

    /// <summary>Reveal's own layout rules; its themes are not used.</summary>
    public string RevealStyle => Style(NpmPackage.Reveal.ReadText(cache, "dist/reveal.css"));

    /// <summary>Reveal and its speaker notes.</summary>
    public string RevealScripts =>
        Script(NpmPackage.Reveal.ReadText(cache, "dist/reveal.js")) + Script(NpmPackage.Reveal.ReadText(cache, "plugin/notes/notes.js"));

    /// <summary>A style element.</summary>
    public static string Style(string css) => $"<style>{css}</style>\n";

    /// <summary>A script element; the text cannot end it early.</summary>
    public static string Script(string code, string attributes = "") =>
        $"<script {attributes}>{EndTag().Replace(code, "<\\/$1")}</script>\n";

    private static string KatexStyle(string cache) =>
        FontSource().Replace(NpmPackage.Katex.ReadText(cache, "dist/katex.min.css"), m =>
            $"src:url(data:font/woff2;base64,{Convert.ToBase64String(NpmPackage.Katex.ReadBytes(cache, "dist/" + m.Groups[1].Value))}) format(\"woff2\")");

    [GeneratedRegex("</(script)", RegexOptions.IgnoreCase)]
    private static partial Regex EndTag();

    [GeneratedRegex(@"src:url\((fonts/[\w-]+\.woff2)\)[^;}]*")]
    private static partial Regex FontSource();
}
