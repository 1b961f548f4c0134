using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace SaeNotebooks.Training.Bpe;

/// <summary>How often each pre-token ("word", with the space before it) occurs in a corpus. Merges never cross a word's border.</summary>
public sealed partial class WordCounts
{
    /// <summary>
    /// What a word is, as written into <c>tokenizer.json</c>: a line break by itself; letters, digits, one punctuation mark or other
    /// symbols, each with the one space before it; left-over white space.
    /// </summary>
    public const string Pattern =
        @"\n| ?[\p{L}\p{M}]+| ?\p{N}+| ?\p{P}| ?[^\s\p{L}\p{M}\p{N}\p{P}]+|[^\S\n]+(?!\S)|[^\S\n]+";

    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>Words and their counts, in no particular order.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    /// <summary>Adds the words of one document. Special tokens must not be in the text.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        var words = _counts.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var match in WordRegex().EnumerateMatches(text))
            CollectionsMarshal.GetValueRefOrAddDefault(words, text.Slice(match.Index, match.Length), out _)++;
    }

    [GeneratedRegex(Pattern, RegexOptions.CultureInvariant)]
    internal static partial Regex WordRegex();
}
