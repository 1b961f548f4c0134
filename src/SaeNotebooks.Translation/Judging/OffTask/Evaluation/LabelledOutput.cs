namespace SaeNotebooks.Translation.Judging.OffTask.Evaluation;

/// <summary>An output of which a person said what is wrong with it.</summary>
/// <param name="Id">its name</param>
/// <param name="HeldOut">whether it was put aside while the detectors were made</param>
/// <param name="Target">code of the language asked for</param>
/// <param name="Labels">what is wrong</param>
/// <param name="Source">what was to be translated</param>
/// <param name="Output">the output</param>
public sealed record LabelledOutput(string Id, bool HeldOut, string Target, OffTaskKinds Labels, string Source, string Output)
{
    private const string Header = "id\tsplit\ttarget\tlabels\tsource\thypothesis";

    /// <summary>Reads a labelled set: tab-separated, with a header; <c>\n</c> in a text stands for a line break.</summary>
    /// <exception cref="FormatException">another header, or a line that is no row; the message names it</exception>
    public static IReadOnlyList<LabelledOutput> Read(string path)
    {
        var lines = File.ReadAllLines(path);
        if (lines is [] || lines[0] != Header) throw new FormatException($"{path}, line 1: expected the columns {Header.Replace('\t', ' ')}.");
        return [.. lines.Index().Skip(1).Select(line => Row(line.Item, $"{path}, line {line.Index + 1}"))];
    }

    private static LabelledOutput Row(string line, string where)
    {
        if (line.Split('\t') is not [var id, var split, var target, var labels, var source, var output] || split is not ("design" or "held"))
            throw new FormatException($"{where}: expected six columns, of which the second is design or held, found '{line}'.");
        try { return new(id, split == "held", LanguageIdentifier.Known(target), OffTaskKindNames.Parse(labels), source, output.Replace("\\n", "\n")); }
        catch (Exception e) when (e is ArgumentException or FormatException) { throw new FormatException($"{where}: {e.Message}", e); }
    }
}
