using SaeNotebooks.Checkpoints;
using SaeNotebooks.Tokenization;

namespace SaeNotebooks.Translation.Measures.Comet;

/// <summary>
/// Token ids as XLM-RoBERTa counts them (Conneau et al. 2020): four special tokens first, in fairseq's order, and after them the pieces of its SentencePiece
/// model, whose own ids begin with three special ones, so that each piece has one more than there.
/// </summary>
internal sealed class XlmRobertaTokens
{
    /// <summary>The special ids.</summary>
    public const int Begin = 0, Padding = 1, End = 2, Unknown = 3;

    private const int OfUnknown = 0, Shift = 1;
    private readonly ITokenizer _tokenizer;

    /// <param name="file">XLM-R's <c>sentencepiece.bpe.model</c>, which despite its name is a unigram model</param>
    /// <exception cref="CheckpointException">the file is missing, damaged, or does not begin with the special tokens that XLM-R's begins with</exception>
    public XlmRobertaTokens(string file)
    {
        _tokenizer = TokenizerFile.Load(file);
        (string, int)[] expected = [("<unk>", OfUnknown), ("<s>", 1), ("</s>", 2)];
        var special = _tokenizer.SpecialTokens.OrderBy(t => t.Value).Select(t => (t.Key, t.Value)).ToList();
        if (!special.SequenceEqual(expected))
            throw new CheckpointException(file, null, $"has the special tokens {string.Join(", ", special.Select(t => $"{t.Key} = {t.Value}"))}; XLM-R's has <unk> = 0, <s> = 1, </s> = 2");
    }

    /// <summary>The ids of a text between <see cref="Begin"/> and <see cref="End"/>.</summary>
    /// <param name="text">any text; special tokens written in it are plain text</param>
    /// <param name="limit">how many ids there may be; pieces beyond it are left out, as COMET does</param>
    public (long[] Ids, bool IsTruncated) Encode(string text, int limit)
    {
        var pieces = _tokenizer.Encode(text, bos: false, special: false);
        var kept = Math.Min(pieces.Count, limit - 2);
        return ([Begin, .. pieces.Take(kept).Select(id => (long)(id == OfUnknown ? Unknown : id + Shift)), End], kept < pieces.Count);
    }
}
