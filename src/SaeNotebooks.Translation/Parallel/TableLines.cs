using System.Text;

namespace SaeNotebooks.Translation.Parallel;

/// <summary>The lines of a tab-separated file as cells.</summary>
internal static class TableLines
{
    /// <summary>What is wrong with a line whose bytes are not what they should be.</summary>
    public const string NotUtf8 = "it is not valid UTF-8";

    /// <summary>Every line but what follows the last line break, which begins no line of its own; ended by LF or CRLF. Other characters that break lines
    /// on a screen are part of their text.</summary>
    /// <exception cref="ParallelDataException">there is no such file</exception>
    public static IReadOnlyList<(int Number, string Text)> Read(string path)
    {
        if (!File.Exists(path)) throw new ParallelDataException($"There is no file '{path}'.");
        List<string> lines = [.. File.ReadAllText(path, Encoding.UTF8).Split('\n')];
        if (lines[^1].Length == 0) lines.RemoveAt(lines.Count - 1);
        return [.. lines.Select((text, i) => (i + 1, text.TrimEnd('\r')))];
    }

    /// <summary>Whether a line had bytes that are no UTF-8, which then show as U+FFFD.</summary>
    public static bool IsDamaged(string text) => text.Contains('\uFFFD');
}
