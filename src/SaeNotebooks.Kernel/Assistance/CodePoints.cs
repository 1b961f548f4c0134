using System.Text;

namespace SaeNotebooks.Kernel.Assistance;

/// <summary>Positions in the protocol count Unicode code points, those of .NET UTF-16 units.</summary>
internal static class CodePoints
{
    /// <summary>The UTF-16 position of a position of the protocol, moved into the text if it lies outside.</summary>
    public static int ToUtf16(string text, int position)
    {
        var at = 0;
        for (; position > 0 && at < text.Length; position--) at += char.IsSurrogatePair(text, at) ? 2 : 1;
        return at;
    }

    /// <summary>The position of the protocol for a UTF-16 position.</summary>
    public static int FromUtf16(string text, int position) => text.AsSpan(0, position).EnumerateRunes().Count();

    private static int Count(this SpanRuneEnumerator runes)
    {
        var count = 0;
        while (runes.MoveNext()) count++;
        return count;
    }
}
