using System.Text;
using SaeNotebooks.Features;

namespace SaeNotebooks.Harvest.Corpora;

/// <summary>Text files, read a line at a time.</summary>
internal static class PlainText
{
    /// <summary>Characters from which a document ends at the next line end, and at which it ends at the latest.</summary>
    private const int Characters = 8192, Most = 4 * Characters;

    /// <summary>A file in documents, whose texts one after the other are the whole.</summary>
    public static IEnumerable<string> Documents(string file)
    {
        var document = new StringBuilder();
        foreach (var line in Lines(file))
        {
            document.Append(line).Append('\n');
            for (; document.Length > Most; document.Remove(0, Cut(document))) yield return document.ToString(0, Cut(document));
            if (document.Length < Characters) continue;
            yield return document.ToString();
            document.Clear();
        }
        if (document.Length > 0) yield return document.ToString();
    }

    /// <summary>The lines of a file without their ends.</summary>
    /// <exception cref="FeatureIndexException">bytes that are not UTF-8</exception>
    public static IEnumerable<string> Lines(string file)
    {
        using var reader = new StreamReader(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        for (var number = 1; ; number++)
        {
            string? line;
            try { line = reader.ReadLine(); }
            catch (DecoderFallbackException e)
            {
                throw new FeatureIndexException($"{file} is not UTF-8: after line {number - 1} comes the byte 0x{e.BytesUnknown?.FirstOrDefault():X2}; convert it, " +
                    "for example with iconv -f latin1 -t utf8, or remove it with iconv -c.", e);
            }
            if (line is null) yield break;
            yield return line;
        }
    }

    /// <summary>Where a line of enormous length is cut: never within a surrogate pair.</summary>
    private static int Cut(StringBuilder text) => char.IsHighSurrogate(text[Characters - 1]) ? Characters - 1 : Characters;
}
