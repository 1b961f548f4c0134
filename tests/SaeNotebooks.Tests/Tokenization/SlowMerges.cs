namespace SaeNotebooks.Tests.Tokenization;

/// <summary>The readable twin of all byte-pair encodings: look at every pair, merge the best, begin again.</summary>
internal static class SlowMerges
{
    /// <param name="symbols">the characters of a piece</param>
    /// <param name="rankOf">the rank of a pair, the lowest to merge first; null if it does not merge</param>
    public static List<string> Merge(IEnumerable<string> symbols, Func<string, string, int?> rankOf)
    {
        var merged = symbols.ToList();
        while (true)
        {
            var pairs = merged.Zip(merged.Skip(1)).Select((pair, at) => (Rank: rankOf(pair.First, pair.Second), At: at)).Where(p => p.Rank is not null).ToList();
            if (pairs.Count == 0) return merged;
            var best = pairs.MinBy(p => p.Rank).At; // the first of equals
            merged[best] += merged[best + 1];
            merged.RemoveAt(best + 1);
        }
    }

    public static IEnumerable<string> Characters(string text) => text.EnumerateRunes().Select(r => r.ToString());

    /// <summary>A vocabulary grown from an alphabet by merging tokens of it at random.</summary>
    public static List<(string Left, string Right)> RandomMerges(IReadOnlyList<string> alphabet, int count, Random random)
    {
        var tokens = alphabet.ToList();
        var merges = new List<(string Left, string Right)>();
        while (merges.Count < count)
        {
            var (left, right) = (tokens[random.Next(tokens.Count)], tokens[random.Next(tokens.Count)]);
            if (left.Length + right.Length > 8 || tokens.Contains(left + right)) continue;
            merges.Add((left, right));
            tokens.Add(left + right);
        }
        return merges;
    }

    public static string RandomText(IReadOnlyList<string> alphabet, int length, Random random) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => alphabet[random.Next(alphabet.Count)]));
}
