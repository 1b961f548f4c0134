namespace SaeNotebooks.Tokenization.Bpe;

/// <summary>
/// Merges the symbols of one piece: always the pair of lowest rank, of equals the leftmost. A linked list and a queue of candidate
/// pairs make that O(n log n) in the length of the piece, however long it is.
/// </summary>
internal sealed class SymbolChain
{
    private const int None = -1;
    private readonly MergeTable _merges;
    private readonly Symbol[] _symbols;
    private readonly int[] _previous, _next; // _next of a symbol that was merged into its left neighbour is itself
    private readonly PriorityQueue<(int Left, int Right, int LeftId, int RightId, int Id), long> _candidates = new();

    public SymbolChain(IReadOnlyList<Symbol> symbols, MergeTable merges)
    {
        (_merges, _symbols) = (merges, [.. symbols]);
        _previous = [.. Enumerable.Range(-1, symbols.Count)];
        _next = [.. Enumerable.Range(1, symbols.Count)];
        if (symbols.Count > 0) _next[^1] = None;
        for (var i = 0; i < symbols.Count - 1; i++) Offer(i, i + 1);
    }

    public Symbol[] Merged()
    {
        while (_candidates.TryDequeue(out var pair, out _))
            if (IsCurrent(pair.Left, pair.Right, pair.LeftId, pair.RightId)) Join(pair.Left, pair.Right, pair.Id);
        var merged = new List<Symbol>();
        for (var i = _symbols.Length > 0 ? 0 : None; i != None; i = _next[i]) merged.Add(_symbols[i]);
        return [.. merged];
    }

    /// <summary>Whether neither symbol has been merged with another since the pair was offered.</summary>
    private bool IsCurrent(int left, int right, int leftId, int rightId) =>
        _next[left] == right && _symbols[left].Id == leftId && _symbols[right].Id == rightId;

    private void Offer(int left, int right)
    {
        if (left == None || right == None) return;
        var (leftId, rightId) = (_symbols[left].Id, _symbols[right].Id);
        if (_merges.TryGet(leftId, rightId, out var merge))
            _candidates.Enqueue((left, right, leftId, rightId, merge.Id), ((long)merge.Rank << 32) | (uint)left);
    }

    private void Join(int left, int right, int id)
    {
        _symbols[left] = _symbols[left].Joined(_symbols[right], id);
        _next[left] = _next[right];
        if (_next[right] != None) _previous[_next[right]] = left;
        _next[right] = right;
        Offer(_previous[left], left);
        Offer(left, _next[left]);
    }
}
