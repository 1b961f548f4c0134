using System.Text.RegularExpressions;

namespace SaeNotebooks.Cli.Notebooks;

/// <summary>Finds the one script element that carries plotly.js in a notebook's outputs, by its mark.</summary>
internal static partial class PlotlyMarker
{
    /// <summary>The attribute that marks the element.</summary>
    public const string Attribute = "data-saenotebooks=\"plotly\"";

    /// <summary>Whether <paramref name="html"/> holds it.</summary>
    public static bool Find(string html) => Script().IsMatch(html);

    /// <summary><paramref name="html"/> without it.</summary>
    public static string Remove(string html) => Script().Replace(html, "");

    [GeneratedRegex("""<script\b[^>]*\bdata-saenotebooks=(["'])plotly\1[^>]*>.*?</script\s*>""", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Script();
}
