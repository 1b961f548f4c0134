using System.Text;

namespace SaeNotebooks.Cli.Scoring;

/// <summary>A text file with one segment a line.</summary>
internal static class SegmentFile
{
    /// <summary>The lines, ended by LF or CRLF, without a byte order mark.</summary>
    /// <exception cref="CliException">no such file, an empty one, or bytes that are no UTF-8; the message names file and line</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        if (!File.Exists(path)) throw new CliException($"There is no file '{path}'; name a UTF-8 text file with one segment a line.");
        var bytes = File.ReadAllBytes(path).AsSpan();
        if (bytes.StartsWith(Encoding.UTF8.Preamble)) bytes = bytes[Encoding.UTF8.Preamble.Length..];
        if (bytes.IsEmpty) throw new CliException($"'{path}' is empty; it needs one segment a line.");
        if (bytes[^1] == '\n') bytes = bytes[..^1];
        var segments = new List<string>();
        foreach (var range in bytes.Split((byte)'\n'))
        {
            var line = bytes[range];
            if (line.EndsWith("\r"u8)) line = line[..^1];
            try { segments.Add(Strict.GetString(line)); }
            catch (DecoderFallbackException e) { throw new CliException($"{path}, line {segments.Count + 1} is not valid UTF-8; convert the file.", e); }
        }
        return segments;
    }

    private static UTF8Encoding Strict { get; } = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
