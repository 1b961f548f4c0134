using System.Globalization;
using System.Text;
using SaeNotebooks.Tokenization;

namespace SaeNotebooks.Features.Interpretation;

/// <summary>Examples as a language model reads them: text in which runs of marked tokens stand between &lt;&lt; and &gt;&gt;.</summary>
internal static class MarkedText
{
    private const int Strongest = 10; // strengths are whole numbers from 1 to this

    /// <summary>The text alone.</summary>
    public static string Plain(Example example) => Line(string.Concat(example.Tokens.Select(t => t.Text)));

    /// <summary>The text with some tokens marked; neighbours share a pair of marks.</summary>
    public static string Marked(Example example, Func<int, bool> isMarked)
    {
        var text = new StringBuilder();
        for (var i = 0; i < example.Tokens.Count; i++)
        {
            if (isMarked(i) && (i == 0 || !isMarked(i - 1))) text.Append("<<");
            text.Append(example.Tokens[i].Text);
            if (isMarked(i) && (i == example.Tokens.Count - 1 || !isMarked(i + 1))) text.Append(">>");
        }
        return Line(text.ToString());
    }

    /// <summary>The text with active tokens marked.</summary>
    public static string Marked(Example example) => Marked(example, i => example.Activations[i] > 0);

    /// <summary>The active tokens with their strengths, in shares of a maximum: <c>" the" 7, " cat" 10</c>.</summary>
    public static string Strengths(Example example, float max) => string.Join(", ", example.Tokens.Index()
        .Where(t => example.Activations[t.Index] > 0)
        .Select(t => string.Create(CultureInfo.InvariantCulture, $"\"{Line(t.Item.Text)}\" {Strength(example.Activations[t.Index], max)}")));

    private static int Strength(float activation, float max) => Math.Clamp((int)MathF.Ceiling(Strongest * activation / max), 1, Strongest);

    private static string Line(string text) => TokenText.Whole(text).Replace("\r", "", StringComparison.Ordinal).Replace("\n", "↵", StringComparison.Ordinal);
}
