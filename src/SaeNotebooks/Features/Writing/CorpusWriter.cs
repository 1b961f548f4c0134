using SaeNotebooks.Features.Storage;

namespace SaeNotebooks.Features.Writing;

/// <summary>Writes the text of an index and counts what is counted in it.</summary>
internal sealed class CorpusWriter : IDisposable
{
    private readonly string _folder;
    private readonly IndexHeader _draft;
    private readonly ArrayFile<int> _tokens;
    private readonly ArrayFile<byte> _counted, _labels;
    private readonly ArrayFile<long> _starts, _documents;
    private readonly long[][] _labelTokens; // [kind][label]
    private readonly uint[] _occurrences;
    private long _count, _countedTokens;
    private int _sequences;

    /// <param name="folder">to be made</param>
    /// <param name="draft">with all kinds of labels, <see cref="PositionLabels"/> the last</param>
    public CorpusWriter(string folder, IndexHeader draft)
    {
        (_folder, _draft) = (folder, draft);
        Directory.CreateDirectory(folder);
        (_tokens, _counted) = (new(PathOf(CorpusFiles.Tokens)), new(PathOf(CorpusFiles.Counted)));
        (_starts, _documents) = (new(PathOf(CorpusFiles.Sequences)), new(PathOf(CorpusFiles.Documents)));
        _labels = new(PathOf(CorpusFiles.Labels));
        _labelTokens = [.. draft.Labels.Select(k => new long[k.Values.Count])];
        _occurrences = new uint[draft.Vocabulary];
        _starts.Write(0);
    }

    public void Add(long document, ReadOnlySpan<int> ids, ReadOnlySpan<byte> counted, IReadOnlyList<byte[]> labels)
    {
        if (_count + ids.Length > int.MaxValue) throw new FeatureIndexException($"An index holds at most {int.MaxValue:N0} tokens; divide the corpus among several.");
        var positions = new byte[ids.Length];
        for (var i = 0; i < ids.Length; i++) positions[i] = PositionLabels.Of(i);
        IReadOnlyList<byte[]> all = [.. labels, positions];
        _tokens.Write(ids);
        _counted.Write(counted);
        var together = new byte[ids.Length * all.Count];
        for (var i = 0; i < together.Length; i++) together[i] = all[i % all.Count][i / all.Count];
        _labels.Write(together);
        for (var i = 0; i < ids.Length; i++)
        {
            if (counted[i] == 0) continue;
            _countedTokens++;
            if (ids[i] < _occurrences.Length) _occurrences[ids[i]]++;
            for (var k = 0; k < all.Count; k++)
                if (all[k][i] != LabelKind.None) _labelTokens[k][all[k][i]]++;
        }
        _starts.Write(_count += ids.Length);
        _documents.Write(document);
        _sequences++;
    }

    public WrittenText Complete()
    {
        ArrayFile<long>.WriteAll(PathOf(CorpusFiles.LabelTokens), [.. _labelTokens.SelectMany(t => t)]);
        ArrayFile<uint>.WriteAll(PathOf(CorpusFiles.Occurrences), _occurrences);
        Dispose();
        return new(_folder, _draft.Labels, _count, _countedTokens, _sequences);
    }

    public void Dispose()
    {
        foreach (var file in new IDisposable[] { _tokens, _counted, _labels, _starts, _documents }) file.Dispose();
    }

    private string PathOf(string name) => Path.Combine(_folder, name);
}

/// <summary>A text that is complete, with its labels to be read again.</summary>
internal sealed class WrittenText(string folder, IReadOnlyList<LabelKind> kinds, long tokens, long counted, int sequences) : IDisposable
{
    private readonly MappedArray<byte> _labels = MappedArray<byte>.Open(Path.Combine(folder, CorpusFiles.Labels), tokens * kinds.Count);
    private readonly int[] _first = [.. kinds.Select((_, k) => kinds.Take(k).Sum(before => before.Values.Count))];

    public long Tokens => tokens;

    public long Counted => counted;

    public int Sequences => sequences;

    /// <summary>Labels of all kinds together.</summary>
    public int LabelCount { get; } = kinds.Sum(k => k.Values.Count);

    /// <summary>Adds up a latent's firings by label.</summary>
    /// <param name="places">where it fires</param>
    /// <param name="values">how strongly</param>
    /// <param name="fires">[labels], set to the numbers of firings</param>
    /// <param name="sums">[labels], set to the sums of activations</param>
    public void Tally(ReadOnlySpan<uint> places, ReadOnlySpan<float> values, Span<uint> fires, Span<double> sums)
    {
        fires.Clear();
        sums.Clear();
        for (var i = 0; i < places.Length; i++)
        {
            var labels = _labels.Span(places[i] * (long)_first.Length, _first.Length);
            for (var k = 0; k < labels.Length; k++)
            {
                if (labels[k] == LabelKind.None) continue;
                fires[_first[k] + labels[k]]++;
                sums[_first[k] + labels[k]] += values[i];
            }
        }
    }

    public void Dispose() => _labels.Dispose();
}
