using SaeNotebooks.Tokenization.Normalizers;
using SaeNotebooks.Tokenization.Patterns;

namespace SaeNotebooks.Tokenization.PreTokenizers;

/// <summary>Where the space before a text is put; names as in <c>tokenizer.json</c>.</summary>
internal enum PrependScheme
{
    /// <summary>Nowhere.</summary>
    Never,

    /// <summary>Before the whole text.</summary>
    First,

    /// <summary>Also before the text after each added token.</summary>
    Always,
}

/// <summary>SentencePiece's way with spaces: each becomes a visible mark, one more is put before the text, and pieces begin at
/// marks.</summary>
internal sealed class MetaspacePreTokenizer(string mark, PrependScheme scheme, bool splits) : IPreTokenizer
{
    private readonly ReplaceNormalizer _replace = new(new LiteralPattern(" "), mark);
    private readonly PrependNormalizer _prepend = new(mark);
    private readonly SplitPreTokenizer _split = new(new LiteralPattern(mark), SplitBehavior.MergedWithNext);

    public IEnumerable<AlignedText> Split(AlignedText piece)
    {
        piece = _replace.Normalize(piece);
        var isFirst = scheme == PrependScheme.Always || (scheme == PrependScheme.First && piece.BeginsText);
        if (isFirst && !piece.Text.StartsWith(mark, StringComparison.Ordinal)) piece = _prepend.Normalize(piece);
        return splits ? _split.Split(piece) : [piece];
    }
}
