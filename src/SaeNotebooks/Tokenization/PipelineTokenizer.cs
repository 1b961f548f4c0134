namespace SaeNotebooks.Tokenization;

/// <summary>The steps of HuggingFace's tokenizers, in their order: added tokens of the raw text, normaliser, added tokens of the
/// normalised text, pre-tokenizer, model.</summary>
internal sealed class PipelineTokenizer : ITokenizer
{
    private const string Before = "x"; // a token before the others, when these do not begin the text
    private readonly TokenizerParts _parts;
    private readonly AddedTokens _raw, _normalized;
    private readonly HashSet<int> _special;

    public PipelineTokenizer(TokenizerParts parts)
    {
        _parts = parts;
        _raw = new AddedTokens(parts.Added.Where(t => !t.IsNormalized));
        _normalized = new AddedTokens(parts.Added.Where(t => t.IsNormalized));
        SpecialTokens = parts.Added.Where(t => t.IsSpecial).ToDictionary(t => t.Content, t => t.Id);
        _special = [.. SpecialTokens.Values];
    }

    public int VocabSize => _parts.Vocabulary.Size;

    public IReadOnlyDictionary<string, int> SpecialTokens { get; }

    public int? Bos => _parts.Bos;

    public bool AddsBos => _parts.AddsBos;

    public IReadOnlyList<int> Encode(string text, bool? bos = null, bool special = true)
    {
        var ids = new List<int>(text.Length / 3 + 1);
        if (bos ?? AddsBos) ids.Add(Bos ??
            throw new InvalidOperationException("This tokenizer has no beginning-of-sequence token; encode with bos: false."));
        foreach (var (piece, token) in Pieces(AlignedText.Of(text, withOrigins: false), special))
        {
            if (token is not null) ids.Add(token.Id);
            else
                foreach (var symbol in _parts.Model.Encode(piece.Text)) ids.Add(symbol.Id);
        }
        return ids;
    }

    /// <summary>The normalised text cut into tokens, as SentencePiece's <c>encode_as_pieces</c> gives them; what is unknown shows as it is written. Special tokens
    /// are plain text.</summary>
    public IReadOnlyList<string> EncodeToPieces(string text) =>
        [.. Pieces(AlignedText.Of(text, withOrigins: false), special: false).SelectMany(p => p.Token is null
            ? _parts.Model.Encode(p.Piece.Text).Select(symbol => p.Piece.Text.Substring(symbol.Start, symbol.Length)) : [p.Piece.Text])];

    public IReadOnlyList<TokenSpan> EncodeToSpans(string text)
    {
        var spans = new List<TokenSpan>();
        foreach (var (piece, token) in Pieces(AlignedText.Of(text, withOrigins: true), special: true))
        {
            void Add(int id, int start, int length)
            {
                var (first, end) = piece.OriginOf(start, length);
                spans.Add(new TokenSpan(id, TextOf(id), first, end));
            }
            if (token is not null) Add(token.Id, 0, piece.Text.Length);
            else
                foreach (var symbol in _parts.Model.Encode(piece.Text)) Add(symbol.Id, symbol.Start, symbol.Length);
        }
        return spans;
    }

    public string Decode(IEnumerable<int> ids, bool skipSpecial = false, bool atStart = true)
    {
        List<string> tokens = atStart ? [] : [Before];
        foreach (var id in ids)
            if (!(skipSpecial && _special.Contains(id))) tokens.Add(_parts.Vocabulary.TextOf(id) ?? TokenText.Unknown(id));
        var text = string.Concat(_parts.Decoder.Decode(tokens));
        return atStart ? text : text[Before.Length..];
    }

    public string TextOf(int id)
    {
        var text = Decode([id], atStart: false);
        return text.Contains('\uFFFD') && _parts.Decoder.BytesOf(_parts.Vocabulary.TextOf(id)!) is { } bytes ? TokenText.Of(bytes) : text;
    }

    /// <summary>Added tokens, and pieces of the text between them.</summary>
    private IEnumerable<(AlignedText Piece, AddedToken? Token)> Pieces(AlignedText text, bool special)
    {
        foreach (var (section, token) in Parts(_raw, text, special))
        {
            if (token is not null) yield return (section, token);
            else
                foreach (var piece in PlainPieces(_parts.Normalizer.Normalize(section), special)) yield return piece;
        }
    }

    private IEnumerable<(AlignedText Piece, AddedToken? Token)> PlainPieces(AlignedText normalized, bool special)
    {
        foreach (var (section, token) in Parts(_normalized, normalized, special))
        {
            if (token is not null) yield return (section, token);
            else
                foreach (var piece in _parts.PreTokenizer.Split(section)) yield return (piece, null);
        }
    }

    private static IEnumerable<(AlignedText Section, AddedToken? Token)> Parts(AddedTokens tokens, AlignedText text, bool special) =>
        tokens.Split(text.Text, special).Select(part => (text.Slice(part.Start, part.Length), part.Token));
}
