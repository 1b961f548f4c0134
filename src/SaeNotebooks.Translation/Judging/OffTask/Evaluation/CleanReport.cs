using SaeNotebooks.Translation.Evaluation;
using SaeNotebooks.Translation.Parallel;

namespace SaeNotebooks.Translation.Judging.OffTask.Evaluation;

/// <summary>How language identification and the detectors do on translations with which nothing is wrong.</summary>
/// <param name="Language">code of the translations' language</param>
/// <param name="Sentences">sentences of that language, each once</param>
/// <param name="Identified">those whose language is recognised</param>
/// <param name="FourWords">those of which the first four words are enough; null for languages without spaces</param>
/// <param name="Translations">sentences as translations, once for each language they are translated from</param>
/// <param name="Alarms">translations in which a detector finds something</param>
public sealed record CleanReport(string Language, int Sentences, int Identified, int? FourWords, int Translations, int Alarms)
{
    /// <summary>Measures every language of a folder of parallel sentences, each pair in both directions.</summary>
    /// <param name="folder">by default <see cref="ParallelData.Folder"/></param>
    /// <param name="most">sentences of a pair at most; by default all</param>
    /// <exception cref="ParallelDataException">a file has broken lines</exception>
    public static IReadOnlyList<CleanReport> Measure(string? folder = null, int most = int.MaxValue) =>
        [.. ParallelData.Pairs(folder).Select(pair => ParallelData.Read(pair, folder)).SelectMany(c => new[] { c, c.Reversed })
            .GroupBy(c => c.TargetLanguage).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => Of(g.Key, [.. g.SelectMany(c => c.Whole.Take(most))]))];

    /// <summary>A table, a language a row.</summary>
    public static string ToMarkdown(IReadOnlyList<CleanReport> rows) =>
        MarkdownTable.Of(["language", "sentences", "language recognised", "by the first four words", "translations", "false alarms"],
            rows.Select(r => (string[])[r.Language, $"{r.Sentences}", $"{r.Identified}", r.FourWords is { } four ? $"{four}" : "–", $"{r.Translations}", $"{r.Alarms}"]));

    private static CleanReport Of(string language, List<ParallelSentence> translations)
    {
        var (detector, sentences) = (new OffTaskDetector(language), translations.Select(t => t.Target).Distinct().ToList());
        int Right(Func<string, string> part) => sentences.Count(s => LanguageIdentifier.Shared.Identify(part(s)) == language);
        return new(language, sentences.Count, Right(s => s), language is "zh" or "ja" ? null : Right(s => string.Join(' ', s.Split(' ').Take(4))),
            translations.Count, translations.Count(t => detector.Detect(t.Target, t.Source) != OffTaskKinds.None));
    }
}
