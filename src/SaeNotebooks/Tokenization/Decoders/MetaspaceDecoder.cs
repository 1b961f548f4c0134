namespace SaeNotebooks.Tokenization.Decoders;

/// <summary>Turns SentencePiece's visible marks back into spaces; those of the first entry fall away if it stands for the beginning of
/// a text before which one was put.</summary>
internal sealed class MetaspaceDecoder(string mark, bool wasPrepended) : IDecoder
{
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) =>
        [.. tokens.Select((t, i) => t.Replace(mark, i == 0 && wasPrepended ? "" : " ", StringComparison.Ordinal))];
}
