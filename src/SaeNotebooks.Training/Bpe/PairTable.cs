using System.Runtime.InteropServices;
using SaeNotebooks.Tokenization;

namespace SaeNotebooks.Training.Bpe;

/// <summary>The words of a corpus as token ids, and the count of every neighbouring pair, kept up to date while pairs are merged.</summary>
internal sealed class PairTable
{
    private readonly List<int[]> _words = [];
    private readonly List<long> _wordCounts = [];
    private readonly Dictionary<Pair, long> _counts = [];
    private readonly Dictionary<Pair, List<int>> _wordsWith = [];

    // May hold outdated counts. A pair's count falls silently and rises only where it is enqueued anew, so the top is checked on the way out.
    private readonly PriorityQueue<Pair, Rank> _queue = new();

    public PairTable(IReadOnlyDictionary<string, long> words, IReadOnlyDictionary<string, int> idOf)
    {
        foreach (var (word, count) in words.OrderBy(w => w.Key, StringComparer.Ordinal))
        {
            var ids = ByteAlphabet.Encode(word).Select(c => idOf[c.ToString()]).ToArray();
            foreach (var pair in Pairs(ids)) Record(pair, _words.Count, count);
            _words.Add(ids);
            _wordCounts.Add(count);
        }
        foreach (var (pair, count) in _counts) _queue.Enqueue(pair, new Rank(count, pair));
    }

    /// <summary>The most frequent pair, or null if none occurs <paramref name="atLeast"/> times.</summary>
    public (int Left, int Right)? MostFrequent(long atLeast)
    {
        while (_queue.TryDequeue(out var pair, out var rank))
        {
            var count = _counts.GetValueOrDefault(pair);
            if (count == rank.Count && count >= atLeast) return (pair.Left, pair.Right);
            if (count >= atLeast) _queue.Enqueue(pair, new Rank(count, pair));
        }
        return null;
    }

    /// <summary>Replaces the pair by <paramref name="joined"/> in every word.</summary>
    public void Merge(int left, int right, int joined)
    {
        var touched = new HashSet<Pair>();
        if (!_wordsWith.Remove(new Pair(left, right), out var words)) return;
        foreach (var word in words)
        {
            var (before, after) = (_words[word], Replace(_words[word], left, right, joined));
            // Listed twice, or changed by another merge since.
            if (after.Length == before.Length) continue;
            foreach (var pair in Pairs(before)) _counts[pair] -= _wordCounts[word];
            foreach (var pair in Pairs(after))
                if (pair.Has(joined)) { Record(pair, word, _wordCounts[word]); touched.Add(pair); }
                else _counts[pair] += _wordCounts[word];
            _words[word] = after;
        }
        _counts.Remove(new Pair(left, right));
        foreach (var pair in touched) _queue.Enqueue(pair, new Rank(_counts[pair], pair));
    }

    private void Record(Pair pair, int word, long count)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(_counts, pair, out _) += count;
        ref var words = ref CollectionsMarshal.GetValueRefOrAddDefault(_wordsWith, pair, out _);
        words ??= [];
        if (words.Count == 0 || words[^1] != word) words.Add(word);
    }

    private static int[] Replace(int[] ids, int left, int right, int joined)
    {
        var result = new List<int>(ids.Length);
        for (var i = 0; i < ids.Length; i++)
        {
            var here = i + 1 < ids.Length && ids[i] == left && ids[i + 1] == right;
            result.Add(here ? joined : ids[i]);
            if (here) i++;
        }
        return [.. result];
    }

    private static IEnumerable<Pair> Pairs(int[] ids)
    {
        for (var i = 0; i + 1 < ids.Length; i++) yield return new Pair(ids[i], ids[i + 1]);
    }

    private readonly record struct Pair(int Left, int Right)
    {
        public bool Has(int id) => Left == id || Right == id;
    }

    /// <summary>Sorts frequent pairs first and, among equals, small ids first.</summary>
    private readonly record struct Rank(long Count, Pair Pair) : IComparable<Rank>
    {
        public int CompareTo(Rank other) => Count != other.Count
            ? other.Count.CompareTo(Count)
            : (Pair.Left, Pair.Right).CompareTo((other.Pair.Left, other.Pair.Right));
    }
}
