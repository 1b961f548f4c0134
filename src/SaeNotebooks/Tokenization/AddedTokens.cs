using System.Buffers;
using System.Globalization;
using System.Text;

namespace SaeNotebooks.Tokenization;

/// <summary>A part of a text: an added token, or what lies between two.</summary>
internal readonly record struct TextPart(int Start, int Length, AddedToken? Token);

/// <summary>Finds added tokens in a text: the leftmost, and of those that begin there the longest.</summary>
internal sealed class AddedTokens
{
    private readonly Dictionary<string, AddedToken> _tokens = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AddedToken>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly int[] _lengths; // longest first
    private readonly SearchValues<string> _contents;

    public AddedTokens(IEnumerable<AddedToken> tokens)
    {
        foreach (var token in tokens.Where(t => t.IsInText)) _tokens[token.Pattern] = token;
        _lookup = _tokens.GetAlternateLookup<ReadOnlySpan<char>>();
        _lengths = [.. _tokens.Keys.Select(k => k.Length).Distinct().OrderDescending()];
        _contents = SearchValues.Create([.. _tokens.Keys], StringComparison.Ordinal);
    }

    /// <param name="text">the text</param>
    /// <param name="special">whether special tokens count; a passage that spells one is plain text if not</param>
    /// <returns>the whole text in parts</returns>
    public IEnumerable<TextPart> Split(string text, bool special)
    {
        var done = 0;
        for (var at = 0; Next(text, at) is { } match; at = match.End)
        {
            var (token, start, end) = match;
            if ((token.IsSpecial && !special) || (token.IsSingleWord && !StandsAlone(text, start, end)) || start < done) continue;
            if (token.StripsLeft) while (start > done && char.IsWhiteSpace(text[start - 1])) start--;
            if (token.StripsRight) while (end < text.Length && char.IsWhiteSpace(text[end])) end++;
            if (start > done) yield return new TextPart(done, start - done, null);
            yield return new TextPart(start, end - start, token);
            done = end;
        }
        if (done < text.Length) yield return new TextPart(done, text.Length - done, null);
    }

    private (AddedToken Token, int Start, int End)? Next(string text, int from)
    {
        if (_lengths.Length == 0) return null;
        var found = text.AsSpan(from).IndexOfAny(_contents);
        if (found < 0) return null;
        var start = from + found;
        foreach (var length in _lengths)
            if (start + length <= text.Length && _lookup.TryGetValue(text.AsSpan(start, length), out var token))
                return (token, start, start + length);
        return null;
    }

    private static bool StandsAlone(string text, int start, int end)
    {
        Rune.DecodeLastFromUtf16(text.AsSpan(0, start), out var before, out _);
        Rune.DecodeFromUtf16(text.AsSpan(end), out var after, out _);
        return !(start > 0 && IsOfWord(before)) && !(end < text.Length && IsOfWord(after));
    }

    private static bool IsOfWord(Rune rune) => Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
        or UnicodeCategory.ConnectorPunctuation or UnicodeCategory.LetterNumber;
}
