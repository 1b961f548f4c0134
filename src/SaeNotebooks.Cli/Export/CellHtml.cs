using System.Net;
using System.Text;
using SaeNotebooks.Cli.Notebooks;

namespace SaeNotebooks.Cli.Export;

/// <summary>Code cells and their outputs as HTML, the same for pages and slides.</summary>
internal static class CellHtml
{
    private static readonly string[] Preference =
        ["text/html", "application/vnd.plotly.v1+json", "image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/latex", "text/plain"];

    /// <summary>The cell's code in a foldable block; empty for a cell tagged <c>remove-input</c>.</summary>
    /// <param name="cell">a code cell</param>
    /// <param name="open">whether the block starts unfolded, unless a tag says otherwise</param>
    public static string Code(Cell cell, bool open)
    {
        if (cell.Tags.Contains("remove-input") || cell.Source.Trim().Length == 0) return "";
        var unfolded = !cell.Tags.Contains("hide-input") && (open || cell.Tags.Contains("show-input"));
        var lines = cell.Source.TrimEnd().Split('\n').Length;
        return $"""
            <details class="code"{(unfolded ? " open" : "")}><summary>C# · {lines} {(lines == 1 ? "line" : "lines")}</summary><pre><code>{CSharpHighlighter.ToHtml(cell.Source.TrimEnd())}</code></pre></details>

            """;
    }

    /// <summary>The cell's outputs, without plotly.js, which a page carries once; empty for one tagged <c>remove-output</c>.</summary>
    public static string Outputs(Cell cell, MarkdownHtml markdown)
    {
        if (cell.Tags.Contains("remove-output")) return "";
        var html = new StringBuilder();
        foreach (var output in Merged(cell.Outputs))
            if (Output(output, markdown) is { Length: > 0 } shown) html.Append($"<div class=\"output\">{shown}</div>\n");
        return html.ToString();
    }

    /// <summary>Whether the cell shows more than text.</summary>
    public static bool HasPicture(Cell cell) =>
        cell.Outputs.Any(o => o.IsRich && !(o.Data.TryGetValue("text/html", out var html) && PlotlyMarker.Remove(html).Trim().Length == 0));

    /// <summary>A program that prints line by line leaves many stream outputs; they read as one.</summary>
    private static IEnumerable<CellOutput> Merged(IReadOnlyList<CellOutput> outputs)
    {
        CellOutput? stream = null;
        foreach (var output in outputs)
        {
            if (output.Type == "stream") stream = stream is null ? output : stream with { Text = stream.Text + output.Text };
            else
            {
                if (stream is not null) yield return stream;
                stream = null;
                yield return output;
            }
        }
        if (stream is not null) yield return stream;
    }

    private static string Output(CellOutput output, MarkdownHtml markdown)
    {
        if (output.Type is "stream" or "error")
            return $"<pre class=\"{output.Type}\">{WebUtility.HtmlEncode(TerminalText.Plain(output.Text))}</pre>";
        var mime = Preference.FirstOrDefault(output.Data.ContainsKey);
        var content = mime is null ? "" : output.Data[mime];
        return mime switch
        {
            "text/html" => PlotlyMarker.Remove(content).Trim(),
            "application/vnd.plotly.v1+json" => PlotlyJson(content, output.Data.GetValueOrDefault("image/svg+xml")),
            "image/svg+xml" => content,
            "image/png" or "image/jpeg" => $"<img alt=\"\" src=\"data:{mime};base64,{content.ReplaceLineEndings("")}\">",
            "text/markdown" => markdown.ToHtml(content),
            "text/latex" => $"<div class=\"math\">{WebUtility.HtmlEncode(content)}</div>",
            "text/plain" => $"<pre>{WebUtility.HtmlEncode(TerminalText.Plain(content))}</pre>",
            _ => throw new CliException($"An output has only {string.Join(", ", output.Data.Keys)}, which a page cannot show."),
        };
    }

    /// <summary>A chart that came without HTML of its own: drawn when plotly.js is there, a static picture until then.</summary>
    private static string PlotlyJson(string json, string? svg) =>
        $"<div class=\"plotly-chart\">{svg}<script type=\"application/json\">{json.Replace("</", "<\\/", StringComparison.Ordinal)}</script></div>";
}
