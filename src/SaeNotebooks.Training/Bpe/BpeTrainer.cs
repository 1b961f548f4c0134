using SaeNotebooks.Tokenization;

namespace SaeNotebooks.Training.Bpe;

/// <summary>
/// Byte-pair encoding (Sennrich et al., 2016): join the most frequent neighbouring pair of tokens, again and again.
/// Ties go to the pair with the smaller ids, so the result depends on the counts alone.
/// </summary>
public static class BpeTrainer
{
    /// <summary>A pair that occurs only once teaches nothing.</summary>
    private const long SmallestPairCount = 2;

    /// <summary>Trains a vocabulary of exactly <paramref name="size"/> tokens.</summary>
    /// <param name="words">word counts of the corpus</param>
    /// <param name="size">number of tokens, special tokens and the 256 single bytes included</param>
    /// <exception cref="ArgumentOutOfRangeException">there is no room for the single bytes</exception>
    /// <exception cref="ArgumentException">the corpus has too few repeated pairs for that many tokens</exception>
    public static BpeVocabulary Train(WordCounts words, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, BpeVocabulary.SmallestSize);
        List<string> tokens = [.. BpeVocabulary.SpecialTokens, .. ByteAlphabet.Characters.Order().Select(c => c.ToString())];
        var idOf = tokens.Select((token, id) => (token, id)).ToDictionary(t => t.token, t => t.id, StringComparer.Ordinal);
        var merges = new List<(string, string)>();
        var pairs = new PairTable(words.Counts, idOf);
        while (tokens.Count < size)
        {
            if (pairs.MostFrequent(SmallestPairCount) is not var (left, right))
                throw new ArgumentException($"A vocabulary of {size} tokens was asked for, but the corpus has repeated pairs for " +
                    $"{tokens.Count} only: give more text or ask for fewer tokens.", nameof(size));
            var joined = tokens[left] + tokens[right];
            // Two ways to spell one token ("a"+"bc", "ab"+"c") are two merges with one result.
            if (idOf.TryAdd(joined, tokens.Count)) tokens.Add(joined);
            merges.Add((tokens[left], tokens[right]));
            pairs.Merge(left, right, idOf[joined]);
        }
        return new BpeVocabulary(tokens, merges);
    }
}
