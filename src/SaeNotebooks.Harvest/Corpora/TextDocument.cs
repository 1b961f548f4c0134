using SaeNotebooks.Tokenization;

namespace SaeNotebooks.Harvest.Corpora;

/// <summary>A document that is a text without labels.</summary>
internal sealed class TextDocument(string text) : ICorpusDocument
{
    public LabelledTokens Read(ITokenizer tokenizer) => new(text.Length == 0 ? [] : tokenizer.Encode(text), []);
}
