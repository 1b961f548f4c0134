using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
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
        while (true)
        {
            string? line;
            try { line = reader.ReadLine(); }
            catch (DecoderFallbackException e)
            {
                throw new FeatureIndexException($"{file} is not UTF-8: line {InvalidLine(file)} has the byte 0x{e.BytesUnknown?.FirstOrDefault():X2}; convert it, " +
                    "for example with iconv -f latin1 -t utf8, or remove it with iconv -c.", e);
            }
            if (line is null) yield break;
            yield return line;
        }
    }

    /// <summary>The number of the first line that is not UTF-8. A reader, which decodes many lines at a time, cannot say it.</summary>
    private static long InvalidLine(string file)
    {
        using var bytes = new BufferedStream(File.OpenRead(file));
        var (number, line) = (1L, new List<byte>());
        for (var next = bytes.ReadByte(); next >= 0; next = bytes.ReadByte())
        {
            line.Add((byte)next);
            if (next != '\n') continue;
            if (!Utf8.IsValid(CollectionsMarshal.AsSpan(line))) return number;
            line.Clear();
            number++;
        }
        return number;
    }

    /// <summary>Where a line of enormous length is cut: never within a surrogate pair.</summary>
    private static int Cut(StringBuilder text) => char.IsHighSurrogate(text[Characters - 1]) ? Characters - 1 : Characters;
}
