namespace SaeNotebooks.Translation.Parallel;

/// <summary>The hand-written sentences of <c>data/parallel</c>: English with each of several languages, in files such as <c>en-fr.tsv</c>.</summary>
public static class ParallelData
{
    /// <summary>Its folder.</summary>
    /// <exception cref="DirectoryNotFoundException">there is no data folder</exception>
    public static string Folder => DataFolder.Combine("parallel");

    /// <summary>The pairs that there are, such as <c>en-fr</c>; each can be read the other way round too.</summary>
    /// <param name="folder">by default <see cref="Folder"/></param>
    public static IReadOnlyList<string> Pairs(string? folder = null) => Directory.Exists(folder ?? Folder)
        ? [.. Directory.GetFiles(folder ?? Folder, "*-*.tsv").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)] : [];

    /// <summary>The sentences of a pair.</summary>
    /// <param name="pair"><c>en-fr</c> or <c>en2fr</c>; <c>fr-en</c> is the same sentences the other way round</param>
    /// <param name="folder">by default <see cref="Folder"/></param>
    /// <exception cref="ParallelDataException">there is no such pair, or its file is not one of parallel sentences</exception>
    public static ParallelCorpus Read(string pair, string? folder = null)
    {
        folder ??= Folder;
        var (source, target) = LanguagePair.Parse(pair);
        var path = Path.Combine(folder, $"{source}-{target}.tsv");
        if (Pairs(folder).Contains($"{source}-{target}")) return ReadFile(path);
        if (Pairs(folder).Contains($"{target}-{source}")) return ReadFile(Path.Combine(folder, $"{target}-{source}.tsv")).Reversed;
        var there = Pairs(folder) is { Count: > 0 } pairs ? string.Join(", ", pairs) : "none";
        throw new ParallelDataException($"There are no parallel sentences of '{pair}' in {folder}; there are {there}, each the other way round too.");
    }

    /// <summary>
    /// Reads a table: tab-separated, the first line <c>id</c> and two language codes, then one pair a line. Broken lines, those with other than three cells,
    /// an empty text, an id twice or bytes that are no UTF-8, are left out and named in the result.
    /// </summary>
    /// <exception cref="ParallelDataException">no such file, or a first line of another kind</exception>
    public static ParallelCorpus ReadFile(string path)
    {
        var (name, lines) = (Path.GetFileName(path), TableLines.Read(path));
        if (lines is [] || lines[0].Text.Split('\t') is not ["id", { Length: > 0 } source, { Length: > 0 } target])
            throw new ParallelDataException($"{path}, line 1: expected the columns id and two language codes with tabs between them, found '{(lines is [] ? "" : lines[0].Text)}'.");
        return ParallelCorpus.Of(name, source, target, lines.Skip(1).Select(line => line.Text.Split('\t') switch
        {
            _ when TableLines.IsDamaged(line.Text) => (line.Number, name, (ParallelSentence?)null, TableLines.NotUtf8),
            [var id, var from, var to] => (line.Number, name, new ParallelSentence(id.Trim(), from.Trim(), to.Trim()), (string?)null),
            var cells => (line.Number, name, null, $"it has {cells.Length} cells where 3 are expected"),
        }));
    }
}
