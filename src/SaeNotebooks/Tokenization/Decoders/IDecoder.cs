namespace SaeNotebooks.Tokenization.Decoders;

/// <summary>A step on the way from the vocabulary's entries back to text, which is the entries that come out of the last step.</summary>
internal interface IDecoder
{
    IReadOnlyList<string> Decode(IReadOnlyList<string> tokens);

    /// <summary>The bytes that an entry stands for, if entries stand for bytes; null for text.</summary>
    byte[]? BytesOf(string token) => null;
}
