using System.Buffers;
using System.Text;

namespace SaeNotebooks.Tokenization.Bpe;

/// <summary>
/// Byte-pair encoding of one piece of text (Sennrich et al. 2016): its characters, merged pair by pair.
/// <para>
/// Microsoft.ML.Tokenizers 2.0.1 was measured and does not fit here. Its SentencePiece merges break ties otherwise than SentencePiece (4
/// of 87 strings differ on Llama 2, on Mistral and on Gemma 2), and it does not see Gemma's user-defined pieces; its BPE knows no byte
/// fallback; its BPE and tiktoken classes give the right ids, but in time that grows with the square of a piece's length (100,000
/// letters without a space take seconds).
/// </para>
/// </summary>
internal sealed class BpeModel : ITokenModel
{
    private const int ByteTokens = 256;
    private readonly Vocabulary _vocabulary;
    private readonly MergeTable _merges;
    private readonly BpeRules _rules;
    private readonly Dictionary<Rune, int> _characters = [];
    private readonly int?[] _bytes; // a byte may be missing whose character has a token of its own
    private readonly PieceCache _cache = new();

    public BpeModel(Vocabulary vocabulary, MergeTable merges, BpeRules rules)
    {
        (_vocabulary, _merges, _rules) = (vocabulary, merges, rules);
        foreach (var (text, id) in vocabulary.Entries)
            if (Rune.DecodeFromUtf16(text, out var rune, out var length) == OperationStatus.Done && length == text.Length) _characters[rune] = id;
        _bytes = [.. Enumerable.Range(0, ByteTokens).Select(b => rules.FallsBackToBytes ? vocabulary.IdOf($"<0x{b:X2}>") : null)];
    }

    public IReadOnlyList<Symbol> Encode(string piece) => _cache.GetOrAdd(piece, EncodeNew);

    private Symbol[] EncodeNew(string piece) =>
        _rules.IgnoresMerges && _vocabulary.IdOf(piece) is { } whole ? [new Symbol(whole, 0, piece.Length)]
            : new SymbolChain(Characters(piece), _merges).Merged();

    private List<Symbol> Characters(string piece)
    {
        var symbols = new List<Symbol>(piece.Length);
        var at = 0;
        foreach (var rune in piece.EnumerateRunes())
        {
            var length = rune.Utf16SequenceLength;
            if (_characters.TryGetValue(rune, out var id)) symbols.Add(new Symbol(id, at, length));
            else if (!TryAddBytes(rune, at, symbols)) AddUnknown(rune, at, symbols);
            at += length;
        }
        return symbols;
    }

    private bool TryAddBytes(Rune rune, int at, List<Symbol> symbols)
    {
        Span<byte> utf8 = stackalloc byte[4];
        utf8 = utf8[..rune.EncodeToUtf8(utf8)];
        foreach (var b in utf8)
            if (_bytes[b] is null) return false;
        foreach (var b in utf8) symbols.Add(new Symbol(_bytes[b]!.Value, at, rune.Utf16SequenceLength));
        return true;
    }

    private void AddUnknown(Rune rune, int at, List<Symbol> symbols)
    {
        var unknown = _rules.Unknown
            ?? throw new ArgumentException($"The tokenizer's vocabulary lacks '{rune}' (U+{rune.Value:X4}), so it cannot encode it.");
        var symbol = new Symbol(unknown, at, rune.Utf16SequenceLength);
        if (_rules.FusesUnknown && symbols.Count > 0 && symbols[^1].Id == unknown) symbols[^1] = symbols[^1].Joined(symbol, unknown);
        else symbols.Add(symbol);
    }
}
