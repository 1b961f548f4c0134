using SaeNotebooks.Tokenization.Normalizers;
using SaeNotebooks.Tokenization.Patterns;

namespace SaeNotebooks.Tokenization.Decoders;

/// <summary>Puts a fixed text in the place of every match within an entry.</summary>
internal sealed class ReplaceDecoder(ITextPattern pattern, string content) : IDecoder
{
    private readonly ReplaceNormalizer _replace = new(pattern, content);

    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) =>
        [.. tokens.Select(t => _replace.Normalize(AlignedText.Of(t, withOrigins: false)).Text)];
}
