using System.Text.RegularExpressions;

namespace SaeNotebooks.Display;

/// <summary>Two texts next to each other, with the words that are in only one of them marked.</summary>
/// <param name="Left">the first text</param>
/// <param name="Right">the second text</param>
[TypeFormatterSource(typeof(FormatterSource))]
public sealed partial record SideBySide(LabelledText Left, LabelledText Right) : IDisplayable
{
    /// <inheritdoc/>
    public string ToHtml()
    {
        var (left, right) = WordDiff.Compare(Split(Left.Text), Split(Right.Text));
        return "<div class=\"sae-sides\" style=\"display:grid;grid-template-columns:1fr 1fr;gap:16px;max-width:1000px\">" +
            $"{Column(Left.Label, left, "28,126,214")}{Column(Right.Label, right, "232,89,12")}</div>";
    }

    /// <inheritdoc/>
    public string ToText()
    {
        var (left, right) = WordDiff.Compare(Split(Left.Text), Split(Right.Text));
        return $"{Left.Label}: {Line(left)}\n{Right.Label}: {Line(right)}";
    }

    /// <inheritdoc/>
    public override string ToString() => ToText();

    private static string Column(string label, IEnumerable<(string Word, bool Differs)> words, string rgb)
    {
        var text = string.Concat(words.Select(w => w.Differs
            ? $"<mark style=\"background:rgba({rgb},.35);color:inherit;border-radius:3px\">{Html.Encode(w.Word)}</mark>" : Html.Encode(w.Word)));
        return "<div style=\"border:1px solid rgba(128,128,128,.35);border-radius:6px;padding:8px 12px\">" +
            $"<div style=\"font-size:12px;opacity:.75;margin-bottom:4px\">{Html.Encode(label)}</div><div style=\"white-space:pre-wrap\">{text}</div></div>";
    }

    private static string Line(IEnumerable<(string Word, bool Differs)> words) => string.Concat(words.Select(w => w.Differs ? $"[{w.Word}]" : w.Word));

    /// <summary>Words, runs of white space and single signs, which together are the text again.</summary>
    internal static string[] Split(string text) => [.. Pieces().Matches(text).Select(m => m.Value)];

    [GeneratedRegex(@"\s+|[\p{L}\p{M}\p{N}'’]+|.", RegexOptions.Singleline)]
    private static partial Regex Pieces();
}

/// <summary>A text and what it is.</summary>
/// <param name="Label">for example "steered"</param>
/// <param name="Text">the text</param>
public sealed record LabelledText(string Label, string Text)
{
    /// <summary>A tuple of label and text.</summary>
    public static implicit operator LabelledText((string Label, string Text) pair) => new(pair.Label, pair.Text);
}

/// <summary>What two word sequences have in common: a longest common subsequence.</summary>
internal static class WordDiff
{
    public static (List<(string, bool)> Left, List<(string, bool)> Right) Compare(string[] a, string[] b)
    {
        var length = Lengths(a, b);
        List<(string, bool)> left = [], right = [];
        var (i, j) = (0, 0);
        while (i < a.Length || j < b.Length)
        {
            if (i < a.Length && j < b.Length && a[i] == b[j]) { left.Add((a[i++], false)); right.Add((b[j++], false)); }
            else if (j == b.Length || i < a.Length && length[i + 1, j] >= length[i, j + 1]) left.Add((a[i], Matters(a[i++])));
            else right.Add((b[j], Matters(b[j++])));
        }
        return (left, right);
    }

    /// <summary>White space that moved is no difference worth a mark.</summary>
    private static bool Matters(string word) => !string.IsNullOrWhiteSpace(word);

    /// <summary>Length of the longest common subsequence of every pair of tails, <c>[a + 1, b + 1]</c>.</summary>
    private static int[,] Lengths(string[] a, string[] b)
    {
        var length = new int[a.Length + 1, b.Length + 1];
        for (var i = a.Length - 1; i >= 0; i--)
            for (var j = b.Length - 1; j >= 0; j--)
                length[i, j] = a[i] == b[j] ? length[i + 1, j + 1] + 1 : Math.Max(length[i + 1, j], length[i, j + 1]);
        return length;
    }
}
