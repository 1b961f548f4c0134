namespace SaeNotebooks.Translation.Parallel;

/// <summary>
/// Parallel sentences in the table of the authors' discovery script (Wu et al. 2026): no first line with names, three cells a line, a pair of languages
/// (<c>en-zh</c> or <c>en2zh</c>), the sentence and its translation. A file may hold several pairs.
/// </summary>
public static class PairsFile
{
    /// <summary>Reads a table. A sentence is named by its text, by which the pairs of one source language are joined. Broken lines are left out and named in the
    /// result; a line whose pair cannot be read is named with the first pair.</summary>
    /// <param name="path">UTF-8, tab-separated</param>
    /// <returns>one for each pair, in the file's order</returns>
    /// <exception cref="ParallelDataException">there is no such file, or no line of it names a pair of languages</exception>
    public static IReadOnlyList<ParallelCorpus> Read(string path)
    {
        var name = Path.GetFileName(path);
        var rows = TableLines.Read(path).Select(line => Row(line.Number, line.Text)).ToList();
        var pairs = rows.Select(r => r.Pair).OfType<LanguagePair>().Distinct().ToList();
        if (pairs.Count == 0)
            throw new ParallelDataException($"{path} has no line of a pair of languages such as en-zh, a sentence and its translation, with tabs between them{(rows.Count > 0 ? $"; line 1: {rows[0].Problem}" : "")}.");
        return [.. pairs.Select(pair => ParallelCorpus.Of($"{name} {pair}", pair.From, pair.To,
            rows.Where(r => (r.Pair ?? pairs[0]) == pair).Select(r => (r.Number, name, r.Sentence, r.Problem))))];
    }

    private static (int Number, LanguagePair? Pair, ParallelSentence? Sentence, string? Problem) Row(int number, string line) => line.Split('\t') switch
    {
        _ when TableLines.IsDamaged(line) => (number, null, null, TableLines.NotUtf8),
        [var pair, var source, var target] => LanguagePair.Find(pair) is { } languages
            ? (number, languages, new(source.Trim() is { Length: > 0 } id ? id : "(empty)", source.Trim(), target.Trim()), null)
            : (number, null, null, $"'{pair}' is no pair of languages, which is written en-fr or en2fr"),
        var cells => (number, null, null, $"it has {cells.Length} cells where 3 are expected"),
    };
}
