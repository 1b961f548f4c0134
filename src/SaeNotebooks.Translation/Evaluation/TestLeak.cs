using System.Text.RegularExpressions;
using SaeNotebooks.Training.Tasks;

namespace SaeNotebooks.Translation.Evaluation;

/// <summary>Looks for test sentences in training documents, by their text and not by what the generator says of them.</summary>
internal static partial class TestLeak
{
    /// <param name="training">the training documents</param>
    /// <param name="documents">how many of them to search, from the first on</param>
    /// <param name="prompts">translation prompts, whose sources and references are looked for</param>
    public static LeakCheck Search(DocumentStream training, int documents, IReadOnlyList<Document> prompts)
    {
        var pairs = prompts.Select(p => (Source: SourceOf(p), Reference: p.Answer)).Distinct().ToList();
        var wanted = pairs.SelectMany(p => new[] { p.Source, p.Reference }).ToHashSet();
        var found = new HashSet<string>();
        var pairsFound = new HashSet<(string, string)>();
        for (var i = 0; i < documents; i++)
        {
            var hits = SentencesOf(training[i]).Where(wanted.Contains).ToHashSet();
            if (hits.Count == 0) continue;
            found.UnionWith(hits);
            if (hits.Count > 1) pairsFound.UnionWith(pairs.Where(p => p.Source != p.Reference && hits.Contains(p.Source) && hits.Contains(p.Reference)));
        }
        return new(documents, wanted.Count, found.Count, pairsFound.Count);
    }

    private static IEnumerable<string> SentencesOf(Document document) => document.Segments
        .Where(s => s.Role is not (Role.Instruction or Role.Break))
        .SelectMany(s => Sentence().Matches(s.Text)).Select(m => m.Value.Trim());

    private static string SourceOf(Document prompt) => string.Concat(prompt.Segments.Where(s => s.Role == Role.Source).Select(s => s.Text)).Trim();

    [GeneratedRegex(@"[^.?!\n]+[.?!]+")]
    private static partial Regex Sentence();
}
