using System.Collections.Concurrent;

namespace SaeNotebooks.Tokenization.Bpe;

/// <summary>Remembers the tokens of short pieces, most of which are words that come again; never more than a fixed number.</summary>
internal sealed class PieceCache
{
    private const int MaxPieces = 1 << 16, MaxLength = 64;
    private readonly ConcurrentDictionary<string, Symbol[]> _pieces = new(StringComparer.Ordinal);
    private int _count;

    public Symbol[] GetOrAdd(string piece, Func<string, Symbol[]> encode)
    {
        if (_pieces.TryGetValue(piece, out var known)) return known;
        var symbols = encode(piece);
        if (piece.Length <= MaxLength && Volatile.Read(ref _count) < MaxPieces && _pieces.TryAdd(piece, symbols)) Interlocked.Increment(ref _count);
        return symbols;
    }
}
