namespace SaeNotebooks.Tokenization.Decoders;

/// <summary>Makes one text of all entries, so that later steps see its beginning and end.</summary>
internal sealed class FuseDecoder : IDecoder
{
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) => [string.Concat(tokens)];
}
