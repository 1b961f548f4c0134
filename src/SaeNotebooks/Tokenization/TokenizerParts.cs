using SaeNotebooks.Tokenization.Decoders;
using SaeNotebooks.Tokenization.Normalizers;
using SaeNotebooks.Tokenization.PreTokenizers;

namespace SaeNotebooks.Tokenization;

/// <summary>What every tokenizer file describes, in its own way: the steps from text to ids and back.</summary>
/// <param name="Vocabulary">all tokens, the added ones among them</param>
/// <param name="Added">tokens recognised in the text</param>
/// <param name="Normalizer">rewrites what lies between them</param>
/// <param name="PreTokenizer">cuts it into pieces</param>
/// <param name="Model">turns a piece into tokens</param>
/// <param name="Decoder">makes text of tokens</param>
internal sealed record TokenizerParts(Vocabulary Vocabulary, IReadOnlyList<AddedToken> Added, INormalizer Normalizer,
    IPreTokenizer PreTokenizer, ITokenModel Model, IDecoder Decoder)
{
    /// <summary>Beginning of sequence, if there is one.</summary>
    public int? Bos { get; init; }

    /// <summary>Whether sequences begin with it by default.</summary>
    public bool AddsBos { get; init; }
}
