using SaeNotebooks.Tokenization;
using SaeNotebooks.Training.Bpe;

namespace SaeNotebooks.Training.Tests.Bpe;

/// <summary>The readable twin: training counts every pair anew for every merge, encoding tries the merges one after the other.</summary>
internal static class SlowBpe
{
    public static List<(string, string)> Train(IReadOnlyDictionary<string, long> words, int merges)
    {
        var idOf = BpeVocabulary.SpecialTokens.Concat(ByteAlphabet.Characters.Order().Select(c => c.ToString()))
            .Select((t, i) => (t, i)).ToDictionary(x => x.t, x => x.i);
        var split = words.Select(w => (Symbols: Letters(w.Key), Count: w.Value)).ToList();
        var result = new List<(string Left, string Right)>();
        for (var step = 0; step < merges; step++)
        {
            var counts = split
                .SelectMany(w => w.Symbols.Zip(w.Symbols.Skip(1)).Select(p => (p.First, p.Second, w.Count)))
                .GroupBy(p => (p.First, p.Second), p => p.Count).Select(g => (Pair: g.Key, Sum: g.Sum()));
            var best = counts.OrderByDescending(c => c.Sum).ThenBy(c => idOf[c.Pair.First]).ThenBy(c => idOf[c.Pair.Second]).First().Pair;
            result.Add(best);
            idOf.TryAdd(best.First + best.Second, idOf.Count);
            split = [.. split.Select(w => (Join(w.Symbols, best), w.Count))];
        }
        return result;
    }

    public static List<int> Encode(BpeVocabulary vocabulary, string text)
    {
        var idOf = vocabulary.Tokens.Select((t, i) => (t, i)).ToDictionary(x => x.t, x => x.i);
        return [.. WordCounts.WordRegex().Matches(text)
            .SelectMany(m => vocabulary.Merges.Aggregate(Letters(m.Value), Join)).Select(t => idOf[t])];
    }

    public static string Decode(BpeVocabulary vocabulary, IEnumerable<int> ids)
    {
        var byteOf = Enumerable.Range(0, 256).ToDictionary(b => ByteAlphabet.Characters[b], b => (byte)b);
        return System.Text.Encoding.UTF8.GetString([.. ids.SelectMany(i => vocabulary.Tokens[i]).Select(c => byteOf[c])]);
    }

    private static List<string> Letters(string word) => [.. ByteAlphabet.Encode(word).Select(c => c.ToString())];

    private static List<string> Join(List<string> symbols, (string Left, string Right) pair)
    {
        var result = new List<string>();
        for (var i = 0; i < symbols.Count; i++)
        {
            var here = i + 1 < symbols.Count && symbols[i] == pair.Left && symbols[i + 1] == pair.Right;
            result.Add(here ? pair.Left + pair.Right : symbols[i]);
            if (here) i++;
        }
        return result;
    }
}
