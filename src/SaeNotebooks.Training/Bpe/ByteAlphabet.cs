namespace SaeNotebooks.Training.Bpe;

/// <summary>GPT-2's byte alphabet: one printable character for each of the 256 bytes, so that a vocabulary is made of plain strings.</summary>
/// <remarks>A printable Latin-1 byte stands for itself; the others, in order, take the characters from U+0100 on.</remarks>
public static class ByteAlphabet
{
    private static readonly char[] Chars = Build();

    /// <summary>The 256 characters in code point order, which is the order of their ids in a vocabulary.</summary>
    public static IReadOnlyList<char> Sorted { get; } = [.. Chars.Order()];

    /// <summary>The character that stands for <paramref name="value"/>.</summary>
    public static char CharOf(byte value) => Chars[value];

    /// <summary>The text's UTF-8 bytes, one character per byte.</summary>
    public static string Encode(ReadOnlySpan<char> text)
    {
        var bytes = new byte[System.Text.Encoding.UTF8.GetByteCount(text)];
        System.Text.Encoding.UTF8.GetBytes(text, bytes);
        return string.Create(bytes.Length, bytes, static (chars, from) =>
        {
            for (var i = 0; i < chars.Length; i++) chars[i] = Chars[from[i]];
        });
    }

    private static char[] Build()
    {
        var next = 0x100;
        var chars = new char[256];
        for (var b = 0; b < 256; b++) chars[b] = IsPrintable(b) ? (char)b : (char)next++;
        return chars;
    }

    // The soft hyphen (0xAD) is invisible and so counts as unprintable.
    private static bool IsPrintable(int b) => b is >= 0x21 and <= 0x7E or >= 0xA1 and <= 0xAC or >= 0xAE;
}
