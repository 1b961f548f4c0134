using System.Text;

namespace SaeNotebooks.Tokenization;

/// <summary>GPT-2's one printable character per byte, in which byte-level vocabularies are written.</summary>
public static class ByteAlphabet
{
    private static readonly char[] CharOf = new char[256];
    private static readonly Dictionary<char, byte> ByteOf = [];

    static ByteAlphabet()
    {
        var next = 256; // bytes that are not printable by themselves take the characters after Latin-1
        for (var b = 0; b < 256; b++)
        {
            var isPrintable = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            CharOf[b] = (char)(isPrintable ? b : next++);
            ByteOf[CharOf[b]] = (byte)b;
        }
    }

    /// <summary>The 256 characters, in the order of their bytes.</summary>
    public static IReadOnlyList<char> Characters => CharOf;

    /// <summary>The bytes of a text, each as its character.</summary>
    public static string Encode(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = text.Length <= 256 ? stackalloc byte[text.Length * 3] : new byte[text.Length * 3];
        return Encode(bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
    }

    /// <summary>Bytes, each as its character.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var mapped = new char[bytes.Length];
        for (var i = 0; i < bytes.Length; i++) mapped[i] = CharOf[bytes[i]];
        return new string(mapped);
    }

    /// <summary>The bytes of a vocabulary entry; null if it holds a character outside the alphabet.</summary>
    public static byte[]? Decode(string entry)
    {
        var bytes = new byte[entry.Length];
        for (var i = 0; i < entry.Length; i++)
            if (!ByteOf.TryGetValue(entry[i], out bytes[i])) return null;
        return bytes;
    }
}
