using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SaeNotebooks.Tokenization;

/// <summary>Cuts a text into the pieces within which merges happen: at every match of a pattern, and around it.</summary>
internal sealed class PreTokenizer(IReadOnlyList<Regex> patterns)
{
    /// <summary>The pattern of GPT-2, which the byte-level pre-tokenizer uses unless told not to.</summary>
    public const string Gpt2Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <returns>start and length of each piece, together the whole text</returns>
    public List<(int Start, int Length)> Split(string text)
    {
        var (projected, origin) = Project(text);
        List<(int Start, int Length)> pieces = [(0, projected.Length)];
        foreach (var pattern in patterns) pieces = [.. pieces.SelectMany(piece => Isolate(pattern, projected, piece))];
        if (origin is null) return pieces;
        return [.. pieces.Select(p => (origin[p.Start], origin[p.Start + p.Length] - origin[p.Start]))];
    }

    private static List<(int Start, int Length)> Isolate(Regex pattern, string text, (int Start, int Length) piece)
    {
        var parts = new List<(int, int)>();
        var at = piece.Start;
        var whole = piece.Length == text.Length ? text
            : text.Substring(piece.Start, piece.Length); // look-ahead must not see beyond the piece
        foreach (var match in pattern.EnumerateMatches(whole))
        {
            var start = piece.Start + match.Index;
            if (match.Length == 0) continue;
            if (start > at) parts.Add((at, start - at));
            parts.Add((start, match.Length));
            at = start + match.Length;
        }
        if (at < piece.Start + piece.Length) parts.Add((at, piece.Start + piece.Length - at));
        return parts;
    }

    /// <summary>
    /// .NET's patterns see UTF-16 code units, in which a letter beyond U+FFFF is two surrogates and no letter. Each such character is
    /// shown to the pattern as one of its general category.
    /// </summary>
    private static (string Text, int[]? Origin) Project(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')) return (text, null);
        var projected = new StringBuilder(text.Length);
        var origin = new List<int>(text.Length + 1);
        for (var at = 0; at < text.Length;)
        {
            var isWhole = Rune.TryGetRuneAt(text, at, out var rune);
            projected.Append(!isWhole ? '\uFFFD' : rune.IsBmp ? (char)rune.Value : StandIn(Rune.GetUnicodeCategory(rune)));
            origin.Add(at);
            at += isWhole ? rune.Utf16SequenceLength : 1;
        }
        origin.Add(text.Length);
        return (projected.ToString(), [.. origin]);
    }

    private static char StandIn(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter => 'Ж',
        UnicodeCategory.LowercaseLetter => 'ж',
        UnicodeCategory.ModifierLetter => 'ʰ',
        UnicodeCategory.OtherLetter or UnicodeCategory.TitlecaseLetter => '中',
        UnicodeCategory.DecimalDigitNumber => '٣',
        UnicodeCategory.LetterNumber => 'Ⅷ',
        UnicodeCategory.OtherNumber => '²',
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => '\u0301',
        UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned => '\uE000',
        _ => '☃',
    };
}
