namespace SaeNotebooks.Tokenization.Patterns;

/// <summary>A fixed string.</summary>
internal sealed class LiteralPattern(string literal) : ITextPattern
{
    public IEnumerable<(int Start, int Length)> Matches(string text)
    {
        for (var at = text.IndexOf(literal, StringComparison.Ordinal); at >= 0;
            at = text.IndexOf(literal, at + literal.Length, StringComparison.Ordinal)) yield return (at, literal.Length);
    }
}
