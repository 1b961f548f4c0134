using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SaeNotebooks.Tokenization;

/// <summary>How tokens are shown that have no text of their own.</summary>
internal static partial class TokenText
{
    /// <summary>A token that nobody knows the text of.</summary>
    public static string Unknown(int id) => $"‹{id}›";

    /// <summary>Bytes as UTF-8; those that are no complete character, each as <c>‹E1›</c>.</summary>
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        while (bytes.Length > 0)
        {
            var isWhole = Rune.DecodeFromUtf8(bytes, out var rune, out var length) == OperationStatus.Done;
            if (isWhole) text.Append(rune);
            else
                foreach (var loose in bytes[..length]) text.Append(CultureInfo.InvariantCulture, $"‹{loose:X2}›");
            bytes = bytes[length..];
        }
        return text.ToString();
    }

    /// <summary>A text put together from tokens, where bytes of a character that lie together become that character again.</summary>
    public static string Whole(string text) =>
        LooseBytes().Replace(text, run => Of(Convert.FromHexString(run.Value.Replace("‹", "", StringComparison.Ordinal).Replace("›", "", StringComparison.Ordinal))));

    // Bytes of longer characters are 0x80 and above; the first has a letter among its digits, so that no ‹id› is taken for one.
    [GeneratedRegex("(?:‹[89A-F][0-9A-F]›)+")]
    private static partial Regex LooseBytes();
}
