using System.Text;

namespace SaeNotebooks.Translation.Evaluation;

/// <summary>A table in GitHub's Markdown.</summary>
internal static class MarkdownTable
{
    /// <param name="head">column titles; the first column is aligned to the left, the others to the right</param>
    /// <param name="rows">as many cells as there are columns in each</param>
    public static string Of(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows)
    {
        var text = new StringBuilder().AppendLine(Line(head)).AppendLine(Line(head.Select((_, i) => i == 0 ? "---" : "---:")));
        foreach (var row in rows) text.AppendLine(Line(row));
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";
}
