namespace SaeNotebooks.Tokenization.Decoders;

/// <summary>One step after the other.</summary>
internal sealed class DecoderSequence(params IReadOnlyList<IDecoder> steps) : IDecoder
{
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) => steps.Aggregate(tokens, (t, step) => step.Decode(t));

    public byte[]? BytesOf(string token) => steps.Select(step => step.BytesOf(token)).FirstOrDefault(bytes => bytes is not null);
}
