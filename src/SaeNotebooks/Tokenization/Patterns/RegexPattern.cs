using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SaeNotebooks.Tokenization.Patterns;

/// <summary>A regular expression, made to see characters where .NET sees UTF-16 code units.</summary>
internal sealed class RegexPattern : ITextPattern
{
    /// <summary>The pattern of GPT-2, which the byte-level pre-tokenizer uses unless told not to.</summary>
    public const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private const char LongS = 'ſ';
    private readonly Regex _regex;
    private readonly bool _foldsLongS;

    /// <exception cref="ArgumentException">the expression is not understood</exception>
    public RegexPattern(string expression)
    {
        if (expression.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
            throw new ArgumentException($"the pattern {expression} names characters beyond U+FFFF");
        _regex = new Regex(expression, RegexOptions.CultureInvariant | RegexOptions.Compiled);
        _foldsLongS = expression.Contains("(?i", StringComparison.Ordinal);
    }

    public IEnumerable<(int Start, int Length)> Matches(string text)
    {
        var (projected, origin) = Project(text);
        var matches = new List<(int, int)>();
        foreach (var match in _regex.EnumerateMatches(projected))
        {
            if (match.Length == 0) continue;
            if (origin is null) matches.Add((match.Index, match.Length));
            else matches.Add((origin[match.Index], origin[match.Index + match.Length] - origin[match.Index]));
        }
        return matches;
    }

    /// <summary>
    /// To .NET a letter beyond U+FFFF is two surrogates and no letter, so each such character is shown to the expression as one of its
    /// general category. And ſ is to Unicode, but not to .NET, an s without regard to case, as in the contraction 's.
    /// </summary>
    private (string Text, int[]? Origin) Project(string text)
    {
        if (_foldsLongS) text = text.Replace(LongS, 's');
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')) return (text, null);
        var projected = new StringBuilder(text.Length);
        var origin = new List<int>(text.Length + 1);
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            projected.Append(rune.IsBmp ? (char)rune.Value : StandIn(Rune.GetUnicodeCategory(rune)));
            origin.Add(at);
            at += rune.Utf16SequenceLength;
        }
        origin.Add(at);
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
