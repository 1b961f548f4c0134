using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SaeNotebooks.Figures;

/// <summary>Plotly's texts, in which <c>&lt;br&gt;</c> breaks a line and a few tags mark words.</summary>
internal static partial class PlotlyText
{
    private const int TitleLength = 90; // characters of a title that fit the width of a page

    /// <summary>Plain text as plotly shows it: a token such as &lt;s&gt; must not become a tag.</summary>
    public static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal).Replace("\n", "<br>", StringComparison.Ordinal);

    /// <summary>A title escaped, and broken between words where it would not fit; plotly itself breaks none.</summary>
    public static string Headline(string title)
    {
        List<string> lines = [];
        foreach (var word in title.Split(' '))
            if (lines.Count > 0 && lines[^1].Length + word.Length < TitleLength) lines[^1] += " " + word;
            else lines.Add(word);
        return Escape(string.Join("\n", lines));
    }

    /// <summary>Pixels above the plot that a title of so many lines needs.</summary>
    public static int HeadlineRoom(string headline) => 34 + 22 * Lines(headline).Length;

    public static string[] Lines(string text) => [.. Break().Split(text).Select(l => WebUtility.HtmlDecode(Tag().Replace(l, "")))];

    public static string Plain(string text) => string.Join(" ", Lines(text));

    /// <summary>Without tags, but in lines as it was.</summary>
    public static string InLines(string text) => string.Join('\n', Lines(text));

    /// <summary>One trace in words: its name, kind and size.</summary>
    public static string Describe(JsonNode? trace)
    {
        var kind = trace.Text("type") ?? "scatter";
        var size = trace?["z"] is JsonArray z ? $"{z.Count} × {(z.FirstOrDefault() as JsonArray)?.Count ?? 0} cells"
            : $"{(trace?["y"] as JsonArray ?? trace?["x"] as JsonArray)?.Count ?? 0} values";
        return trace.Text("name") is { Length: > 0 } name ? $"{Plain(name)}: {kind}, {size}" : $"{kind}, {size}";
    }

    [GeneratedRegex("<br */?>")]
    private static partial Regex Break();

    [GeneratedRegex("</?(b|i|em|sub|sup|span|a)( [^>]*)?>")]
    private static partial Regex Tag();
}

/// <summary>Reading single values out of figure JSON.</summary>
internal static class JsonReading
{
    public static string? Text(this JsonNode? root, string path) =>
        FigurePath.Get(root, path) is JsonValue v && v.TryGetValue(out string? text) ? text : null;

    /// <summary>The number at the path; null where there is none, and for nodes that are no numbers.</summary>
    public static double? Number(this JsonNode? root, string path) => AsNumber(FigurePath.Get(root, path));

    public static bool? Truth(this JsonNode? root, string path) =>
        FigurePath.Get(root, path) is JsonValue v && v.TryGetValue(out bool truth) ? truth : null;

    public static JsonArray Array(this JsonNode? root, string path) => FigurePath.Get(root, path) as JsonArray ?? [];

    public static double? AsNumber(JsonNode? node) =>
        node is JsonValue v && v.GetValueKind() == System.Text.Json.JsonValueKind.Number && double.IsFinite(v.Deserialized()) ? v.Deserialized() : null;

    // A value made in memory keeps its own numeric type and only converts to that; JSON text converts to any.
    private static double Deserialized(this JsonValue v) => v.TryGetValue(out double d) ? d : double.Parse(v.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture);
}
