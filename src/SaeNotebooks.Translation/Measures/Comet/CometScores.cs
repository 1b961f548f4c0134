using System.Globalization;
using System.Text;

namespace SaeNotebooks.Translation.Measures.Comet;

/// <summary>
/// Scores of COMET, or of any other measure that is computed elsewhere, read from a file: one number a line in the segments' order, or two columns,
/// an id and a number, divided by a comma or a tab. <see cref="CometModel"/> computes COMET where its weights are at hand.
/// </summary>
public static class CometScores
{
    /// <summary>Reads one number a line.</summary>
    /// <param name="path">the file</param>
    /// <param name="count">how many segments there are</param>
    /// <exception cref="FormatException">a line that is no finite number, or another count of lines; the message names file and line</exception>
    public static IReadOnlyList<double> InOrder(string path, int count)
    {
        var lines = Lines(path);
        if (lines.Count != count) throw new FormatException($"{path} has {lines.Count} scores and there are {count} segments; each needs its own.");
        return [.. lines.Select(line => Number(line.Text, path, line.Number))];
    }

    /// <summary>Reads numbers by id; a first line whose second column is no number names the columns.</summary>
    /// <param name="path">the file</param>
    /// <param name="ids">the segments' ids, in the order of the result; the file may have others too</param>
    /// <exception cref="FormatException">a line without two columns, a number that is not finite, an id twice, or a segment without a score; the message names it</exception>
    public static IReadOnlyList<double> ById(string path, IReadOnlyList<string> ids)
    {
        var scores = new Dictionary<string, double>();
        foreach (var (text, number) in Lines(path))
        {
            if (text.Split(text.Contains('\t') ? '\t' : ',') is not [var id, var score]) throw new FormatException($"{path}, line {number}: expected an id and a number, found '{text}'.");
            if (number == 1 && !double.TryParse(score, NumberStyles.Float, CultureInfo.InvariantCulture, out _)) continue;
            if (!scores.TryAdd(id.Trim(), Number(score, path, number))) throw new FormatException($"{path}, line {number}: '{id.Trim()}' has a score already.");
        }
        return [.. ids.Select(id => scores.TryGetValue(id, out var score) ? score : throw new FormatException($"{path} has no score for '{id}'."))];
    }

    private static List<(string Text, int Number)> Lines(string path) =>
        [.. File.ReadAllLines(path, Encoding.UTF8).Select((text, i) => (text, i + 1)).Where(l => !string.IsNullOrWhiteSpace(l.text))];

    private static double Number(string text, string path, int line) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number
        : throw new FormatException($"{path}, line {line}: expected a finite number, found '{text.Trim()}'.");
}
