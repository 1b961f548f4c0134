using System.Text.RegularExpressions;

namespace SaeNotebooks.Tokenization;

/// <summary>A token that is recognised in the text before anything else is done to it.</summary>
/// <param name="Id">its id</param>
/// <param name="Content">its text</param>
/// <param name="IsSpecial">whether it is a control token rather than a word</param>
/// <param name="IsNormalized">whether it is looked for in the normalised text instead of the raw one</param>
internal sealed record AddedToken(int Id, string Content, bool IsSpecial, bool IsNormalized);

/// <summary>Finds added tokens: the leftmost, and of those that begin there the longest.</summary>
internal sealed class AddedTokens
{
    private readonly Dictionary<string, int> _ids;
    private readonly Regex? _pattern;

    public AddedTokens(IEnumerable<AddedToken> tokens)
    {
        _ids = tokens.ToDictionary(t => t.Content, t => t.Id);
        if (_ids.Count > 0)
            _pattern = new Regex(string.Join('|', _ids.Keys.OrderByDescending(k => k.Length)
                .Select(Regex.Escape)), RegexOptions.CultureInvariant);
    }

    /// <returns>the whole text in parts: an added token's id, or null for text between them</returns>
    public IEnumerable<(int Start, int Length, int? Id)> Split(string text)
    {
        var at = 0;
        if (_pattern is not null)
            foreach (Match match in _pattern.Matches(text))
            {
                if (match.Index > at) yield return (at, match.Index - at, null);
                yield return (match.Index, match.Length, _ids[match.Value]);
                at = match.Index + match.Length;
            }
        if (at < text.Length) yield return (at, text.Length - at, null);
    }
}
