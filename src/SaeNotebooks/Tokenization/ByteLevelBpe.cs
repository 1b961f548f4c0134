using System.Text;
using Microsoft.ML.Tokenizers;

namespace SaeNotebooks.Tokenization;

/// <summary>What a byte-level BPE tokenizer is made of.</summary>
/// <param name="Vocabulary">entries in the byte alphabet, with their ids</param>
/// <param name="Merges">pairs, separated by a space, the first to merge first</param>
/// <param name="Added">tokens recognised in the text</param>
/// <param name="PreTokenizer">cuts the text into pieces</param>
/// <param name="IsNfc">whether text is normalised first</param>
/// <param name="IgnoresMerges">whether a piece that is itself in the vocabulary is taken whole</param>
/// <param name="Bos">beginning of sequence, if there is one</param>
/// <param name="AddsBos">whether sequences begin with it by default</param>
internal sealed record ByteLevelBpeParts(IReadOnlyDictionary<string, int> Vocabulary, IReadOnlyList<string> Merges, IReadOnlyList<AddedToken> Added,
    PreTokenizer PreTokenizer, bool IsNfc, bool IgnoresMerges, int? Bos, bool AddsBos);

/// <summary>Byte-pair encoding over UTF-8 bytes (Radford et al. 2019); the merges are done by Microsoft.ML.Tokenizers.</summary>
internal sealed class ByteLevelBpe : ITokenizer
{
    private readonly ByteLevelBpeParts _parts;
    private readonly BpeTokenizer _bpe;
    private readonly AddedTokens _raw, _normalized;
    private readonly Dictionary<int, (byte[] Bytes, bool IsSpecial)> _bytes = [];

    public ByteLevelBpe(ByteLevelBpeParts parts)
    {
        _parts = parts;
        _bpe = BpeTokenizer.Create(new BpeOptions(parts.Vocabulary) { Merges = parts.Merges });
        (_raw, _normalized) = (new AddedTokens(parts.Added.Where(t => !t.IsNormalized)), new AddedTokens(parts.Added.Where(t =>
            t.IsNormalized)));
        foreach (var (entry, id) in parts.Vocabulary) _bytes[id] = (ByteAlphabet.Decode(entry) ?? Encoding.UTF8.GetBytes(entry), false);
        foreach (var token in parts.Added) _bytes[token.Id] = (Encoding.UTF8.GetBytes(token.Content), token.IsSpecial);
        VocabSize = _bytes.Keys.Max() + 1;
        SpecialTokens = parts.Added.Where(t => t.IsSpecial).ToDictionary(t => t.Content, t => t.Id);
    }

    public int VocabSize { get; }

    public IReadOnlyDictionary<string, int> SpecialTokens { get; }

    public int? Bos => _parts.Bos;

    public bool AddsBos => _parts.AddsBos;

    public IReadOnlyList<int> Encode(string text, bool? bos = null)
    {
        var ids = new List<int>(text.Length / 3 + 1);
        if (bos ?? AddsBos) ids.Add(Bos ??
            throw new InvalidOperationException("This tokenizer has no beginning-of-sequence token; encode with bos: false."));
        foreach (var piece in Pieces(text, withOrigin: false)) ids.AddRange(piece.Id is { } added ? [added] : Merge(piece.Text));
        return ids;
    }

    public IReadOnlyList<TokenSpan> EncodeToSpans(string text)
    {
        var spans = new List<TokenSpan>();
        foreach (var piece in Pieces(text, withOrigin: true))
        {
            if (piece.Id is { } added) spans.Add(new TokenSpan(added, piece.Text, piece.Origin[0], piece.Origin[^1]));
            else AddSpans(piece.Text, piece.Origin, spans);
        }
        return spans;
    }

    public string Decode(IEnumerable<int> ids, bool skipSpecial = false)
    {
        var bytes = new List<byte>();
        foreach (var id in ids)
        {
            if (!_bytes.TryGetValue(id, out var token)) bytes.AddRange(Encoding.UTF8.GetBytes(TokenText.Unknown(id)));
            else if (!(skipSpecial && token.IsSpecial)) bytes.AddRange(token.Bytes);
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }

    /// <summary>Added tokens and pieces of text, each with the place in the original text of its every code unit and of its end.</summary>
    private IEnumerable<(string Text, int[] Origin, int? Id)> Pieces(string text, bool withOrigin)
    {
        foreach (var part in _raw.Split(text))
        {
            var raw = text.Substring(part.Start, part.Length);
            if (part.Id is { } id) yield return (raw, [part.Start, part.Start + part.Length], id);
            else
                foreach (var piece in PlainPieces(raw, part.Start, withOrigin)) yield return piece;
        }
    }

    private IEnumerable<(string Text, int[] Origin, int? Id)> PlainPieces(string raw, int start, bool withOrigin)
    {
        var (text, origin) = !_parts.IsNfc ? (raw, null) : withOrigin ? Nfc.NormalizeWithOrigin(raw) : (Nfc.Normalize(raw), null);
        int From(int at) => start + (origin is null ? at : origin[at]);
        int[] Origins(int at, int length) => withOrigin ? [.. Enumerable.Range(at, length + 1).Select(From)] : [];

        foreach (var part in _normalized.Split(text))
        {
            var plain = text.Substring(part.Start, part.Length);
            if (part.Id is { } id) yield return (plain, Origins(part.Start, part.Length), id);
            else
                foreach (var (at, length) in _parts.PreTokenizer.Split(plain))
                    yield return (plain.Substring(at, length), Origins(part.Start + at, length), null);
        }
    }

    private IReadOnlyList<int> Merge(string piece)
    {
        var mapped = ByteAlphabet.Encode(piece);
        if (_parts.IgnoresMerges && _parts.Vocabulary.TryGetValue(mapped, out var whole)) return [whole];
        var ids = _bpe.EncodeToIds(mapped, considerPreTokenization: false, considerNormalization: false);
        var covered = 0;
        foreach (var id in ids) covered += _bytes[id].Bytes.Length;
        if (covered != mapped.Length) throw new ArgumentException($"The tokenizer's vocabulary lacks bytes of '{piece}', so it cannot encode it.");
        return ids;
    }

    private void AddSpans(string piece, int[] origin, List<TokenSpan> spans)
    {
        var charOfByte = new List<(int First, int End)>(piece.Length); // the character that each byte is part of
        var at = 0;
        foreach (var rune in piece.EnumerateRunes())
        {
            var end = at + rune.Utf16SequenceLength;
            charOfByte.AddRange(Enumerable.Repeat((at, end), rune.Utf8SequenceLength));
            at = end;
        }
        var first = 0;
        foreach (var id in Merge(piece))
        {
            var last = first + _bytes[id].Bytes.Length - 1;
            spans.Add(new TokenSpan(id, Encoding.UTF8.GetString(_bytes[id].Bytes), origin[charOfByte[first].First], origin[charOfByte[last].End]));
            first = last + 1;
        }
    }
}
