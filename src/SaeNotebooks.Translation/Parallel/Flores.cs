using System.Text;
using SaeNotebooks.Hub;

namespace SaeNotebooks.Translation.Parallel;

/// <summary>
/// FLORES-200 (NLLB team 2022) and FLORES+ (Open Language Data Initiative): the same sentences in some 200 languages. Read as FLORES's own text files, one a language
/// and split, such as <c>devtest/eng_Latn.devtest</c>, in which the same line of every file is the same sentence; or as Parquet, one file a language and split, such as
/// <c>devtest/eng_Latn.parquet</c> or <c>eng_Latn/devtest/0000.parquet</c>, in which sentences are joined by their <c>id</c>.
/// </summary>
public static class Flores
{
    /// <summary>FLORES's codes of languages; where FLORES-200 and FLORES+ differ, that of FLORES-200 first.</summary>
    private static readonly Dictionary<string, string[]> Names = new()
    {
        ["ar"] = ["arb_Arab"], ["de"] = ["deu_Latn"], ["en"] = ["eng_Latn"], ["es"] = ["spa_Latn"], ["fr"] = ["fra_Latn"], ["it"] = ["ita_Latn"], ["ja"] = ["jpn_Jpan"],
        ["ko"] = ["kor_Hang"], ["nl"] = ["nld_Latn"], ["pt"] = ["por_Latn"], ["ru"] = ["rus_Cyrl"], ["uk"] = ["ukr_Cyrl"], ["vi"] = ["vie_Latn"], ["zh"] = ["zho_Hans", "cmn_Hans"],
    };

    /// <summary>The sentences of a pair from a repository of the hub, downloaded into its cache if it has not got them.</summary>
    /// <param name="pair"><c>en-fr</c>, or FLORES's own codes, <c>eng_Latn-fra_Latn</c></param>
    /// <param name="hub">the hub</param>
    /// <param name="repository">a dataset with the files, such as <c>datasets/openlanguagedata/flores_plus</c></param>
    /// <param name="split"><c>dev</c> or <c>devtest</c></param>
    /// <param name="revision">branch, tag or commit; <c>refs/convert/parquet</c> is the hub's own Parquet of every dataset</param>
    /// <param name="cancellation">gives up; the next attempt goes on</param>
    /// <exception cref="ParallelDataException">no such pair, or files of different lengths</exception>
    /// <exception cref="HubException">it cannot be had; the message says why and what to do</exception>
    public static ParallelCorpus Load(string pair, HubClient hub, string repository, string split = "devtest", string revision = HubName.DefaultRevision,
        CancellationToken cancellation = default)
    {
        var (source, target) = Codes(pair);
        var names = hub.List(repository, revision, cancellation);
        string File(string[] codes) => codes.Select(code => FileOf(names, code, split)).FirstOrDefault(name => name is not null) is { } name
            ? hub.File(repository, name, revision, cancellation)
            : throw new ParallelDataException($"{repository} has no file {codes[0]}.{split}, nor a Parquet file of it such as {split}/{codes[0]}.parquet; name a repository, or a revision, that has them.");
        return Read(pair, File(source), File(target));
    }

    /// <summary>Reads two files of the same split: text files line by line, Parquet files by <c>id</c> and <c>text</c> (or <c>sentence</c>).</summary>
    /// <param name="pair"><c>en-fr</c></param>
    /// <param name="sourceFile">the source language's file</param>
    /// <param name="targetFile">the target language's file, of the same kind</param>
    /// <exception cref="ParallelDataException">no such pair, text files of different lengths, or Parquet files without these columns</exception>
    public static ParallelCorpus Read(string pair, string sourceFile, string targetFile)
    {
        _ = Codes(pair);
        var rows = IsParquet(sourceFile) && IsParquet(targetFile) ? ById(sourceFile, targetFile) : ByLine(sourceFile, targetFile);
        return ParallelCorpus.Of($"FLORES {pair}", pair.Split('-')[0], pair.Split('-')[1], rows);
    }

    private static IEnumerable<(int, string, ParallelSentence?, string?)> ByLine(string sourceFile, string targetFile)
    {
        string[] source = File.ReadAllLines(sourceFile, Encoding.UTF8), target = File.ReadAllLines(targetFile, Encoding.UTF8);
        if (source.Length != target.Length) throw new ParallelDataException($"{sourceFile} has {source.Length} lines and {targetFile} {target.Length}; they are not of the same split.");
        return source.Zip(target).Select((row, i) =>
            (i + 1, Path.GetFileName(targetFile), (ParallelSentence?)new ParallelSentence($"{i + 1}", row.First.Trim(), row.Second.Trim()), (string?)null));
    }

    private static IEnumerable<(int, string, ParallelSentence?, string?)> ById(string sourceFile, string targetFile)
    {
        var (source, target) = (Sentences(sourceFile), Sentences(targetFile).ToLookup(s => s.Id));
        foreach (var (i, sentence) in source.Index())
            yield return target[sentence.Id].FirstOrDefault() is { } other
                ? (i + 1, Path.GetFileName(sourceFile), new(sentence.Id, sentence.Text, other.Text), null)
                : (i + 1, Path.GetFileName(sourceFile), null, $"{targetFile} has no sentence '{sentence.Id}'");
    }

    private static List<Sentence> Sentences(string file) =>
        [.. ParallelParquet.Rows(file, "id", ParallelParquet.Column(file, "text", "sentence")).Select(row => new Sentence(row[0] ?? "", row[1]?.Trim() ?? ""))];

    /// <summary>The file of a language and split; null if there is none.</summary>
    private static string? FileOf(IReadOnlyList<string> names, string code, string split) =>
        names.FirstOrDefault(n => n == $"{code}.{split}" || n.EndsWith($"/{code}.{split}", StringComparison.Ordinal)) ?? names.FirstOrDefault(n =>
            IsParquet(n) && Path.ChangeExtension(n, null).Split('/') is var parts && parts.Contains(code) && parts.Any(p => p == split || p.StartsWith($"{split}-", StringComparison.Ordinal)));

    private static bool IsParquet(string file) => file.EndsWith(".parquet", StringComparison.Ordinal);

    private static (string[] Source, string[] Target) Codes(string pair) => pair.Split('-') is [var source, var target]
        ? (Code(source), Code(target)) : throw new ParallelDataException($"'{pair}' is no pair of languages, which is written en-fr.");

    private static string[] Code(string language) => Names.TryGetValue(language, out var codes) ? codes : language.Length == 8 && language[3] == '_' ? [language]
        : throw new ParallelDataException($"FLORES's code of '{language}' is not known here; known are {string.Join(", ", Names.Keys)}, and codes such as eng_Latn.");

    private sealed record Sentence(string Id, string Text);
}
