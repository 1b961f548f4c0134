using System.Globalization;
using System.Text;

namespace SaeNotebooks.Translation.Measures.Tokenizers;

/// <summary>
/// The international tokenizer of mteval-v14: separates punctuation that does not stand between numbers, and every symbol. By code
/// point, because .NET's regular expressions see the halves of a surrogate pair and not the symbol.
/// </summary>
internal sealed class InternationalTokenizer : SegmentTokenizer
{
    public override string Name => "intl";

    private protected override string Separate(string segment)
    {
        Rune[] runes = [.. segment.EnumerateRunes()];
        // \P{N}\p{P} → both with spaces after them; \p{P}\P{N} → a space before each; \p{S} → spaces around it.
        runes = [.. Pairs(runes, r => !IsNumber(r), IsPunctuation, (a, b) => [a, Space, b, Space])];
        runes = [.. Pairs(runes, IsPunctuation, r => !IsNumber(r), (a, b) => [Space, a, Space, b])];
        return string.Concat(runes.SelectMany<Rune, Rune>(r => IsSymbol(r) ? [Space, r, Space] : [r]));
    }

    private static Rune Space { get; } = new(' ');

    /// <summary>Replaces neighbours of two kinds, from left to right, none of them twice.</summary>
    private static IEnumerable<Rune> Pairs(Rune[] runes, Func<Rune, bool> first, Func<Rune, bool> second, Func<Rune, Rune, Rune[]> replacement)
    {
        for (var i = 0; i < runes.Length; i++)
            if (i + 1 < runes.Length && first(runes[i]) && second(runes[i + 1]))
                foreach (var rune in replacement(runes[i], runes[++i])) yield return rune;
            else yield return runes[i];
    }

    private static bool IsNumber(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    private static bool IsPunctuation(Rune rune) => Rune.IsPunctuation(rune);

    private static bool IsSymbol(Rune rune) => Rune.IsSymbol(rune);
}
