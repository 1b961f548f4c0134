using System.Text;
using SaeNotebooks.Hub;

namespace SaeNotebooks.Translation.Parallel;

/// <summary>
/// FLORES-200 (NLLB team 2022) in its own layout, one text file a language and split, such as <c>devtest/eng_Latn.devtest</c>, in which the same line of
/// every file is the same sentence. Repositories of the hub that keep it as Parquet are not read.
/// </summary>
public static class Flores
{
    private static readonly Dictionary<string, string> Names = new()
    {
        ["ar"] = "arb_Arab", ["de"] = "deu_Latn", ["en"] = "eng_Latn", ["es"] = "spa_Latn", ["fr"] = "fra_Latn", ["it"] = "ita_Latn", ["ja"] = "jpn_Jpan",
        ["ko"] = "kor_Hang", ["nl"] = "nld_Latn", ["pt"] = "por_Latn", ["ru"] = "rus_Cyrl", ["uk"] = "ukr_Cyrl", ["vi"] = "vie_Latn", ["zh"] = "zho_Hans",
    };

    /// <summary>The sentences of a pair from a repository of the hub, downloaded into its cache if it has not got them.</summary>
    /// <param name="pair"><c>en-fr</c>, or FLORES's own codes, <c>eng_Latn-fra_Latn</c></param>
    /// <param name="hub">the hub</param>
    /// <param name="repository">a dataset with the text files, such as <c>datasets/org/name</c></param>
    /// <param name="split"><c>dev</c> or <c>devtest</c></param>
    /// <param name="cancellation">gives up; the next attempt goes on</param>
    /// <exception cref="ParallelDataException">no such pair, or files of different lengths</exception>
    /// <exception cref="HubException">it cannot be had; the message says why and what to do</exception>
    public static ParallelCorpus Load(string pair, HubClient hub, string repository, string split = "devtest", CancellationToken cancellation = default)
    {
        var (source, target) = Codes(pair);
        var names = hub.List(repository, cancellation: cancellation);
        string File(string code) => names.FirstOrDefault(n => n == $"{code}.{split}" || n.EndsWith($"/{code}.{split}", StringComparison.Ordinal)) is { } name
            ? hub.File(repository, name, cancellation: cancellation)
            : throw new ParallelDataException($"{repository} has no file {code}.{split}; it needs FLORES's text files, such as {split}/eng_Latn.{split}.");
        return Read(pair, File(source), File(target));
    }

    /// <summary>Reads two files of the same split, line by line.</summary>
    /// <param name="pair"><c>en-fr</c></param>
    /// <param name="sourceFile">the source language's file</param>
    /// <param name="targetFile">the target language's file</param>
    /// <exception cref="ParallelDataException">no such pair, or files of different lengths</exception>
    public static ParallelCorpus Read(string pair, string sourceFile, string targetFile)
    {
        string[] source = File.ReadAllLines(sourceFile, Encoding.UTF8), target = File.ReadAllLines(targetFile, Encoding.UTF8);
        if (source.Length != target.Length) throw new ParallelDataException($"{sourceFile} has {source.Length} lines and {targetFile} {target.Length}; they are not of the same split.");
        _ = Codes(pair);
        var (from, to) = (pair.Split('-')[0], pair.Split('-')[1]);
        return ParallelCorpus.Of($"FLORES {pair}", from, to, source.Zip(target).Select((row, i) =>
            (i + 1, Path.GetFileName(targetFile), (ParallelSentence?)new ParallelSentence($"{i + 1}", row.First.Trim(), row.Second.Trim()), (string?)null)));
    }

    private static (string Source, string Target) Codes(string pair) => pair.Split('-') is [var source, var target]
        ? (Code(source), Code(target)) : throw new ParallelDataException($"'{pair}' is no pair of languages, which is written en-fr.");

    private static string Code(string language) => Names.TryGetValue(language, out var code) ? code : language.Length == 8 && language[3] == '_' ? language
        : throw new ParallelDataException($"FLORES's code of '{language}' is not known here; known are {string.Join(", ", Names.Keys)}, and codes such as eng_Latn.");
}
