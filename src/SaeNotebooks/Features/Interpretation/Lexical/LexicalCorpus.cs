using System.Collections.Concurrent;

namespace SaeNotebooks.Features.Interpretation.Lexical;

/// <summary>Half of a corpus: rules are found on one and tested on the other.</summary>
internal enum CorpusHalf
{
    /// <summary>Sequences with an even number.</summary>
    Train,

    /// <summary>Sequences with an odd number.</summary>
    HeldOut,
}

/// <summary>Which token a rule looks at.</summary>
internal enum Offset
{
    /// <summary>The one on which the latent fires or not.</summary>
    Current,

    /// <summary>The one before it.</summary>
    Previous,
}

/// <summary>One label of one kind.</summary>
/// <param name="Kind">index of the kind</param>
/// <param name="Value">index of the value</param>
internal readonly record struct LabelValue(int Kind, int Value);

/// <summary>Labels that must all hold; none: anywhere.</summary>
internal readonly record struct Scope(LabelValue? First = null, LabelValue? Second = null)
{
    public int Count => (First is null ? 0 : 1) + (Second is null ? 0 : 1);
}

/// <summary>
/// What the lexical baseline knows of a corpus: tokens, labels, and how often each token occurs, in either half. Counts under a scope are made
/// when they are first asked for. Safe for several threads.
/// </summary>
internal sealed class LexicalCorpus
{
    /// <summary>Stands for no token: nothing comes before the first one.</summary>
    public const int NoToken = -1;

    private readonly ConcurrentDictionary<(Scope, Offset), Lazy<int[][]>> _counts = [];
    private readonly int[] _tokens, _sequences, _countedPlaces, _ranks;
    private readonly byte[][] _labels;
    private readonly Func<int, string> _textOf;
    private readonly int[] _firstLabels; // by kind: the number of its first label among the labels of all kinds
    private readonly int[][] _sizes; // [halves][scopes]

    /// <param name="tokens">[places] ids</param>
    /// <param name="sequences">[places], not falling: what each token was read with</param>
    /// <param name="counted">[places]: whether latents are encoded there</param>
    /// <param name="kinds">how tokens are labelled</param>
    /// <param name="labels">[kinds][places]; 255 for none</param>
    /// <param name="textOf">of a token id</param>
    public LexicalCorpus(int[] tokens, int[] sequences, bool[] counted, IReadOnlyList<LabelKind> kinds, byte[][] labels, Func<int, string> textOf)
    {
        (_tokens, _sequences, Kinds, _labels, _textOf) = (tokens, sequences, kinds, labels, textOf);
        _countedPlaces = [.. Enumerable.Range(0, tokens.Length).Where(i => counted[i])];
        _ranks = new int[tokens.Length];
        Array.Fill(_ranks, -1);
        foreach (var (rank, place) in _countedPlaces.Index()) _ranks[place] = rank;
        Vocabulary = tokens.Length == 0 ? 0 : tokens.Max() + 1;
        _firstLabels = [.. kinds.Select((_, k) => kinds.Take(k).Sum(other => other.Values.Count))];
        LabelCount = kinds.Sum(k => k.Values.Count);
        _sizes = [ByScope(_countedPlaces.Where(p => HalfOf(p) == CorpusHalf.Train)), ByScope(_countedPlaces.Where(p => HalfOf(p) == CorpusHalf.HeldOut))];
        Sizes = [_countedPlaces.Count(p => HalfOf(p) == CorpusHalf.Train), _countedPlaces.Count(p => HalfOf(p) == CorpusHalf.HeldOut)];
    }

    /// <summary>What an index knows of its text.</summary>
    public static LexicalCorpus Of(IndexedCorpus corpus)
    {
        var places = (int)corpus.Tokens; // an index numbers places with 32 bits; a list of the framework holds half of that
        var sequences = new int[places];
        for (var s = 0; s < corpus.Sequences; s++) sequences.AsSpan((int)corpus.Start(s), corpus.TokenIds(s).Length).Fill(s);
        byte[][] labels = [.. corpus.Kinds.Select(kind => Codes(corpus, kind, places))];
        return new(corpus.AllIds.ToArray(), sequences, [.. corpus.AllCounted.ToArray().Select(c => c != 0)], corpus.Kinds, labels, corpus.TextOf);
    }

    /// <summary>How tokens are labelled.</summary>
    public IReadOnlyList<LabelKind> Kinds { get; }

    /// <summary>One more than the largest id.</summary>
    public int Vocabulary { get; }

    /// <summary>[halves] tokens that count.</summary>
    public IReadOnlyList<int> Sizes { get; }

    /// <summary>Tokens that count.</summary>
    public int Counted => _countedPlaces.Length;

    public string TextOf(int token) => _textOf(token);

    public CorpusHalf HalfOf(int place) => (CorpusHalf)(_sequences[place] & 1);

    /// <summary>The token that a rule looks at, or <see cref="NoToken"/>.</summary>
    public int TokenAt(int place, Offset offset) => offset == Offset.Current ? _tokens[place]
        : place > 0 && _sequences[place - 1] == _sequences[place] ? _tokens[place - 1] : NoToken;

    /// <summary>The index of the label, or 255.</summary>
    public byte LabelAt(int place, int kind) => _labels[kind][place];

    public bool IsIn(int place, Scope scope) => Holds(place, scope.First) && Holds(place, scope.Second);

    /// <summary>How often each token occurs where the scope holds and tokens count: [halves][vocabulary].</summary>
    public int[][] Counts(Scope scope, Offset offset) => _counts.GetOrAdd((scope, offset), _ => new(() => Count(scope, offset))).Value;

    /// <summary>Labels of all kinds together.</summary>
    public int LabelCount { get; }

    /// <summary>How many tokens count where the scope holds.</summary>
    public int Size(Scope scope, CorpusHalf half) => scope.Count == 0 ? Sizes[(int)half] : _sizes[(int)half][IndexOf(scope)];

    /// <summary>Where the number of a scope with one or two labels stands in what <see cref="ByScope"/> gives.</summary>
    public int IndexOf(Scope scope)
    {
        var first = NumberOf(scope.First!.Value);
        return first * LabelCount + (scope.Second is { } second ? NumberOf(second) : first);
    }

    /// <summary>How many of some places have each label, and each pair of labels, in one pass.</summary>
    public int[] ByScope(IEnumerable<int> places)
    {
        var counts = new int[LabelCount * LabelCount];
        Span<int> there = stackalloc int[Kinds.Count];
        foreach (var place in places)
        {
            var n = 0;
            for (var kind = 0; kind < Kinds.Count; kind++)
                if (_labels[kind][place] is var label && label != LabelKind.None) there[n++] = _firstLabels[kind] + label;
            for (var i = 0; i < n; i++)
                for (var j = i; j < n; j++) counts[there[i] * LabelCount + there[j]]++;
        }
        return counts;
    }

    /// <summary>The places moved on by a number of tokens that count, round the corpus: a latent that fires as often and as much in bursts, but
    /// elsewhere.</summary>
    public int[] Rotated(ReadOnlySpan<int> places, int by)
    {
        var rotated = new int[places.Length];
        for (var i = 0; i < places.Length; i++) rotated[i] = _countedPlaces[(_ranks[places[i]] + by) % _countedPlaces.Length];
        return rotated;
    }

    private static byte[] Codes(IndexedCorpus corpus, LabelKind kind, int places)
    {
        var codes = kind.Values.Index().ToDictionary(v => v.Item, v => (byte)v.Index);
        var labels = new byte[places];
        for (var place = 0; place < places; place++) labels[place] = corpus.Label(kind.Name, place) is { } label ? codes[label] : LabelKind.None;
        return labels;
    }

    private int NumberOf(LabelValue label) => _firstLabels[label.Kind] + label.Value;

    private bool Holds(int place, LabelValue? label) => label is not { } l || _labels[l.Kind][place] == l.Value;

    private int[][] Count(Scope scope, Offset offset)
    {
        int[][] counts = [new int[Vocabulary], new int[Vocabulary]];
        foreach (var place in _countedPlaces)
            if (IsIn(place, scope) && TokenAt(place, offset) is var token and not NoToken) counts[(int)HalfOf(place)][token]++;
        return counts;
    }
}
