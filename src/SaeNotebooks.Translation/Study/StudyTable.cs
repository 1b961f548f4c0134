using System.Globalization;
using SaeNotebooks.Display;
using SaeNotebooks.Translation.Evaluation;
using SaeNotebooks.Translation.Measures;

namespace SaeNotebooks.Translation.Study;

/// <summary>A table of a study's report, as CSV, Markdown and HTML.</summary>
/// <param name="Name">of its file</param>
/// <param name="Title">what it shows</param>
/// <param name="Note">how to read it</param>
/// <param name="Headings">one for each column</param>
/// <param name="Rows">texts, numbers and estimates</param>
public sealed record StudyTable(string Name, string Title, string Note, IReadOnlyList<string> Headings, IReadOnlyList<IReadOnlyList<object?>> Rows)
{
    /// <summary>Rows that pages show; the CSV has all.</summary>
    public int Shown { get; init; } = 40;

    /// <summary>Comma-separated, estimates as three columns: value, low, high; six significant digits.</summary>
    public string ToCsv()
    {
        var isEstimate = Headings.Select((_, i) => Rows.Any(r => r[i] is Estimate)).ToList();
        var head = Headings.SelectMany((h, i) => isEstimate[i] ? (string[])[h, h + " low", h + " high"] : [h]);
        var lines = Rows.Select(r => r.SelectMany((cell, i) => !isEstimate[i] ? [cell] : cell is Estimate e ? (object?[])[e.Value, e.Low, e.High] : [null, null, null]));
        return string.Concat(lines.Prepend(head).Select(l => string.Join(',', l.Select(Quoted)) + "\n"));
    }

    /// <summary>GitHub's Markdown, without the title.</summary>
    public string ToMarkdown() => MarkdownTable.Of(Headings, Rows.Take(Shown).Select(r => (IReadOnlyList<string>)[.. r.Select(Text)])) + More("\n");

    /// <summary>HTML, without the title.</summary>
    public string ToHtml() => new DataTable(Headings, [.. Rows.Take(Shown).Select(r => (IReadOnlyList<object?>)[.. r.Select(c => c is Estimate ? Text(c) : c)])]).ToHtml() + More("");

    private string More(string end) => Rows.Count <= Shown ? "" : string.Create(CultureInfo.InvariantCulture, $"The first {Shown} of {Rows.Count:N0}; all are in {Name}.csv.") + end;

    private static string Text(object? cell) => cell switch
    {
        null => "–",
        Estimate e => string.Create(CultureInfo.InvariantCulture, $"{e.Value:+0.000;−0.000;0.000} [{e.Low:0.000}, {e.High:0.000}]"),
        double d => double.IsNaN(d) ? "none" : Math.Abs(d) is > 0 and < 0.001 ? d.ToString("0.0e0", CultureInfo.InvariantCulture) : d.ToString("0.###", CultureInfo.InvariantCulture),
        bool b => b ? "yes" : "no",
        _ => Convert.ToString(cell, CultureInfo.InvariantCulture)!.Replace("|", "\\|", StringComparison.Ordinal),
    };

    private static string Quoted(object? cell)
    {
        var text = cell switch { null => "", double d => d.ToString("G6", CultureInfo.InvariantCulture), _ => Convert.ToString(cell, CultureInfo.InvariantCulture)! };
        return text.AsSpan().IndexOfAny(",\"\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
