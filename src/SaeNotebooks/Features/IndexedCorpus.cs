using System.Text;
using SaeNotebooks.Features.Storage;
using SaeNotebooks.Models;

namespace SaeNotebooks.Features;

/// <summary>The text of an index as the model read it: tokens, the sequences in which it read them, and labels. Reads from the files; safe for several threads.</summary>
public sealed class IndexedCorpus
{
    /// <summary>Tokens (32 KB) between two that are read in one go.</summary>
    private const int Near = 8192;

    private readonly IndexHeader _header;
    private readonly MappedArray<int> _tokens, _textEnds;
    private readonly MappedArray<long> _starts, _documents, _labelTokens;
    private readonly MappedArray<uint> _occurrences;
    private readonly MappedArray<byte> _counted, _texts, _labels;
    private readonly string?[] _known;

    internal IndexedCorpus(string folder, IndexHeader header)
    {
        _header = header;
        MappedArray<T> Open<T>(string name, long length) where T : unmanaged => MappedArray<T>.Open(Path.Combine(folder, CorpusFiles.Folder, name), length);
        (_tokens, _counted) = (Open<int>(CorpusFiles.Tokens, header.Tokens), Open<byte>(CorpusFiles.Counted, header.Tokens));
        (_starts, _documents) = (Open<long>(CorpusFiles.Sequences, header.Sequences + 1).ReadAhead(), Open<long>(CorpusFiles.Documents, header.Sequences));
        _labels = Open<byte>(CorpusFiles.Labels, header.Tokens * header.Labels.Count);
        _labelTokens = Open<long>(CorpusFiles.LabelTokens, header.LabelCount);
        _occurrences = Open<uint>(CorpusFiles.Occurrences, header.Vocabulary).ReadAhead();
        _textEnds = Open<int>(CorpusFiles.TextEnds, header.Vocabulary).ReadAhead();
        _texts = Open<byte>(CorpusFiles.Texts, header.Vocabulary == 0 ? 0 : _textEnds[header.Vocabulary - 1]).ReadAhead();
        _known = new string?[header.Vocabulary];
    }

    /// <summary>Tokens, BOS included.</summary>
    public long Tokens => _header.Tokens;

    /// <summary>Tokens that count: those that were encoded.</summary>
    public long Counted => _header.Counted;

    /// <summary>Sequences: documents, or pieces of documents that are longer than the context.</summary>
    public int Sequences => _header.Sequences;

    /// <summary>How the tokens are labelled; the last kind is always <c>position</c>, the position in the sequence in steps of powers of two.</summary>
    public IReadOnlyList<LabelKind> Kinds => _header.Labels;

    /// <summary>Number of token ids that texts are known for.</summary>
    public int Vocabulary => _header.Vocabulary;

    /// <summary>The ids of a sequence, as the model read them. Valid until the index is disposed.</summary>
    public ReadOnlySpan<int> TokenIds(int sequence)
    {
        RequireSequence(sequence);
        return _tokens.Span(_starts[sequence], _starts[sequence + 1] - _starts[sequence]);
    }

    /// <summary>The place of a sequence's first token.</summary>
    public long Start(int sequence)
    {
        RequireSequence(sequence);
        return _starts[sequence];
    }

    /// <summary>The number of the document of the corpus that a sequence was read from.</summary>
    public long Document(int sequence)
    {
        RequireSequence(sequence);
        return _documents[sequence];
    }

    /// <summary>The token at a place of the corpus.</summary>
    /// <exception cref="ArgumentOutOfRangeException">there is no such place</exception>
    public Token Token(long place) => new(_tokens[place], TextOf(_tokens[place]));

    /// <summary>The text of a token id; <c>‹id›</c> if it is not known.</summary>
    public string TextOf(int id)
    {
        if ((uint)id >= (uint)Vocabulary) return Tokenization.TokenText.Unknown(id);
        if (_known[id] is { } known) return known;
        var from = id == 0 ? 0 : _textEnds[id - 1];
        return _known[id] = Encoding.UTF8.GetString(_texts.Span(from, _textEnds[id] - from));
    }

    /// <summary>How often a token id occurs and counts.</summary>
    public long OccurrencesOf(int id) => (uint)id < (uint)Vocabulary ? _occurrences[id] : 0;

    /// <summary>Whether the token at a place was encoded.</summary>
    public bool Counts(long place) => _counted[place] != 0;

    /// <summary>The sequence of a place, and where in it the place is.</summary>
    public (int Sequence, int Position) PlaceOf(long place)
    {
        if (place < 0 || place >= Tokens) throw new ArgumentOutOfRangeException(nameof(place), place, $"The corpus has {Tokens} tokens.");
        var (low, high) = (0, Sequences - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_starts[middle] <= place) low = middle;
            else high = middle - 1;
        }
        return (low, (int)(place - _starts[low]));
    }

    /// <summary>The label of the token at a place; null if it has none of that kind, or there is no such kind.</summary>
    public string? Label(string kind, long place)
    {
        for (var k = 0; k < Kinds.Count; k++)
            if (Kinds[k].Name == kind) return LabelAt(k, place);
        return null;
    }

    /// <summary>A token in its context, with any value for each token: a latent's activation, a product with a direction, a difference.</summary>
    /// <param name="place">the token</param>
    /// <param name="window">how much of the text around it</param>
    /// <param name="value">of the token at a place</param>
    public Example Window(long place, ContextWindow window, Func<long, float> value)
    {
        var (sequence, position) = PlaceOf(place);
        var from = place - Math.Min(position, window.Before);
        var to = Math.Min((long)_starts[sequence + 1], place + window.After + 1L);
        var (tokens, values) = (new Token[to - from], new float[to - from]);
        for (var at = from; at < to; at++) (tokens[at - from], values[at - from]) = (Token(at), value(at));
        return new(place, sequence, position, tokens, values, (int)(place - from), [.. Enumerable.Range(0, Kinds.Count).Select(k => LabelAt(k, place))]);
    }

    /// <summary>Has the tokens at places, ascending, read at once, for somebody who is about to look at all of them.</summary>
    internal void ReadAhead(ReadOnlySpan<uint> places)
    {
        for (var i = 0; i < places.Length;)
        {
            var (first, last) = (places[i], places[i]);
            while (++i < places.Length && places[i] - last < Near) last = places[i];
            _tokens.ReadAhead(first, last - first + 1L);
        }
    }

    /// <summary>Ends the mapping, for the index that it belongs to.</summary>
    internal void Close()
    {
        foreach (var array in new IDisposable[] { _tokens, _textEnds, _starts, _documents, _labelTokens, _occurrences, _counted, _texts, _labels }) array.Dispose();
    }

    /// <summary>All ids, for a scan: at most 2³¹ of them, which is more than an index holds.</summary>
    internal ReadOnlySpan<int> AllIds => _tokens.Span(0, Tokens);

    /// <summary>By token 1 if it was encoded, else 0.</summary>
    internal ReadOnlySpan<byte> AllCounted => _counted.Span(0, Tokens);

    /// <summary>Tokens that count with a label, by label of all kinds, kind after kind.</summary>
    internal ReadOnlySpan<long> LabelTokens => _labelTokens.Span(0, _labelTokens.Length);

    internal long EndOfSequence(int sequence) => _starts[sequence + 1];

    private string? LabelAt(int kind, long place) => _labels[place * Kinds.Count + kind] is var label && label != LabelKind.None ? Kinds[kind].Values[label] : null;

    private void RequireSequence(int sequence)
    {
        if ((uint)sequence >= (uint)Sequences) throw new ArgumentOutOfRangeException(nameof(sequence), sequence, $"The corpus has {Sequences} sequences.");
    }
}
