using SaeNotebooks.Translation.Evaluation;
using SaeNotebooks.Translation.Parallel;

namespace SaeNotebooks.Translation.Judging.OffTask.Evaluation;

/// <summary>How language identification and the detectors do on translations with which nothing is wrong.</summary>
/// <param name="Language">code of the translations' language</param>
/// <param name="Sentences">translations</param>
/// <param name="Identified">those whose language is recognised</param>
/// <param name="FourWords">those of which the first four words are enough; null for languages without spaces</param>
/// <param name="Alarms">those in which a detector finds something</param>
public sealed record CleanReport(string Language, int Sentences, int Identified, int? FourWords, int Alarms)
{
    /// <summary>Measures every language of a folder of parallel sentences; those that all pairs share, with every other language as the source.</summary>
    /// <param name="folder">by default <see cref="ParallelData.Folder"/></param>
    public static IReadOnlyList<CleanReport> Measure(string? folder = null) =>
        [.. ParallelData.Pairs(folder).Select(pair => ParallelData.Read(pair, folder)).SelectMany(c => new[] { c, c.Reversed })
            .GroupBy(c => c.TargetLanguage).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => Of(g.Key, [.. g.SelectMany(c => c.Whole)]))];

    /// <summary>A table, a language a row.</summary>
    public static string ToMarkdown(IReadOnlyList<CleanReport> rows) => MarkdownTable.Of(["language", "translations", "language recognised", "by the first four words", "false alarms"],
        [.. rows.Select(r => (string[])[r.Language, $"{r.Sentences}", $"{r.Identified}", r.FourWords is { } four ? $"{four}" : "–", $"{r.Alarms}"])]);

    private static CleanReport Of(string language, List<ParallelSentence> sentences)
    {
        var detector = new OffTaskDetector(language);
        int Right(Func<string, string> part) => sentences.Count(s => LanguageIdentifier.Shared.Identify(part(s.Target)) == language);
        return new(language, sentences.Count, Right(t => t), language is "zh" or "ja" ? null : Right(t => string.Join(' ', t.Split(' ').Take(4))),
            sentences.Count(s => detector.Detect(s.Target, s.Source) != OffTaskKinds.None));
    }
}
