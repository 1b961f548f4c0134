using System.Globalization;
using SaeNotebooks.Translation.Parallel;

namespace SaeNotebooks.Translation.Selection;

/// <summary>A sentence and its translation in a pool to select from.</summary>
/// <param name="Line">of the pool's file, from 1</param>
/// <param name="Source">the sentence</param>
/// <param name="Target">its translation, which training would see</param>
/// <param name="Comet">how good the translation is, as the file says; null if it says nothing</param>
public sealed record PoolPair(int Line, string Source, string Target, double? Comet);

/// <summary>
/// A pool in the table of the authors' scorer (Wu et al. 2026): no first line with names, and a sentence, its translation and its COMET score a line, with tabs
/// between them; without scores, the first two. Immutable.
/// </summary>
/// <param name="Name">of the file</param>
/// <param name="TargetLanguage">code of the language of the translations</param>
/// <param name="Pairs">the examples, in the file's order</param>
/// <param name="Broken">lines left out; whoever uses the pool says so</param>
public sealed record PoolFile(string Name, string TargetLanguage, IReadOnlyList<PoolPair> Pairs, IReadOnlyList<BrokenLine> Broken)
{
    /// <summary>Reads a pool. Lines with another number of cells than the first, an empty text, a score that is no finite number or bytes that are no UTF-8 are left
    /// out and named in the result.</summary>
    /// <param name="path">UTF-8, tab-separated</param>
    /// <param name="target">code of the target language; by default that of the file's name, as in <c>en2zh.txt</c></param>
    /// <exception cref="ParallelDataException">no such file, no target language, or no line that is a pair</exception>
    public static PoolFile Read(string path, string? target = null)
    {
        var (name, lines) = (Path.GetFileName(path), TableLines.Read(path));
        target ??= LanguagePair.Find(Path.GetFileNameWithoutExtension(path))?.To
            ?? throw new ParallelDataException($"The name of {path} is no pair of languages such as en2zh; name the language of its translations.");
        var cells = lines is [] ? 0 : lines[0].Text.Split('\t').Length;
        if (cells is not (2 or 3)) throw new ParallelDataException($"{path}, line 1: expected a sentence, its translation and its COMET score, or the first two, with tabs between them; found {cells} cells.");
        var (pairs, broken) = (new List<PoolPair>(), new List<BrokenLine>());
        foreach (var (number, text) in lines)
            if (Problem(text, cells) is { } problem) broken.Add(new(name, number, problem));
            else pairs.Add(Pair(number, text.Split('\t')));
        return pairs.Count > 0 ? new(name, target, pairs, broken) : throw new ParallelDataException($"No line of {path} can be used; {broken[0]}.");
    }

    /// <summary>How many examples there are, and how many lines were left out and which: one line for a person.</summary>
    public string Summary => BrokenLine.Summary(Name, Pairs.Count, $"examples into {TargetLanguage}", Broken);

    private static PoolPair Pair(int number, string[] cells) => new(number, cells[0].Trim(), cells[1].Trim(), cells.Length == 3 ? Score(cells[2]) : null);

    private static string? Problem(string line, int expected) => line.Split('\t') switch
    {
        _ when TableLines.IsDamaged(line) => TableLines.NotUtf8,
        { Length: var count } when count != expected => $"it has {count} cells where {expected} are expected",
        [var source, ..] when string.IsNullOrWhiteSpace(source) => "it has no source",
        [_, var translation, ..] when string.IsNullOrWhiteSpace(translation) => "it has no translation",
        [_, _, var score] when Score(score) is null => $"its COMET score is '{score.Trim()}', no finite number",
        _ => null,
    };

    private static double? Score(string cell) => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var score) && double.IsFinite(score) ? score : null;
}
