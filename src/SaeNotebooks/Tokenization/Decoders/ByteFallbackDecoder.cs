using System.Globalization;
using System.Text;

namespace SaeNotebooks.Tokenization.Decoders;

/// <summary>Joins entries such as <c>&lt;0xE1&gt;</c> into the characters whose bytes they are; bytes in a row that are not valid UTF-8
/// become one U+FFFD each, as in HuggingFace's tokenizers.</summary>
internal sealed class ByteFallbackDecoder : IDecoder
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens)
    {
        var decoded = new List<string>();
        var bytes = new List<byte>();
        foreach (var token in tokens)
        {
            if (ByteOf(token) is { } b) bytes.Add(b);
            else
            {
                Flush(bytes, decoded);
                decoded.Add(token);
            }
        }
        Flush(bytes, decoded);
        return decoded;
    }

    public byte[]? BytesOf(string token) => ByteOf(token) is { } b ? [b] : null;

    private static byte? ByteOf(string token) =>
        token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>'
        && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var b) ? b : null;

    private static void Flush(List<byte> bytes, List<string> decoded)
    {
        if (bytes.Count == 0) return;
        try { decoded.Add(Strict.GetString([.. bytes])); }
        catch (DecoderFallbackException) { decoded.Add(new string('\uFFFD', bytes.Count)); }
        bytes.Clear();
    }
}
