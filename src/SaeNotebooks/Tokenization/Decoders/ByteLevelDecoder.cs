using System.Text;

namespace SaeNotebooks.Tokenization.Decoders;

/// <summary>Reads entries in GPT-2's alphabet as bytes of UTF-8. An entry with a character outside the alphabet is text as it
/// stands.</summary>
internal sealed class ByteLevelDecoder : IDecoder
{
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens)
    {
        var bytes = new List<byte>();
        foreach (var token in tokens) bytes.AddRange(BytesOf(token) ?? Encoding.UTF8.GetBytes(token));
        return [Encoding.UTF8.GetString([.. bytes])];
    }

    public byte[]? BytesOf(string token) => ByteAlphabet.Decode(token);
}
