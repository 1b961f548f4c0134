using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Tasks;
using SaeNotebooks.Translation.Judging;

namespace SaeNotebooks.Translation.Evaluation;

/// <summary>
/// A baseline that has memorised training and composes nothing: it answers with the translation of the most similar source sentence
/// that training has for the same pair of languages.
/// </summary>
public sealed class NearestTemplate
{
    private readonly Dictionary<(Language, Language), (HashSet<string> Words, string Answer)[]> _examples;

    private NearestTemplate(Dictionary<(Language, Language), (HashSet<string>, string)[]> examples) => _examples = examples;

    /// <summary>Collects the translations among the first documents of a stream.</summary>
    public static NearestTemplate Collect(DocumentStream training, int documents)
    {
        var translations = Enumerable.Range(0, documents).Select(i => training[i])
            .Where(d => d is { Kind: DocumentKind.Instructed, AnswerTask: TaskKind.Translate });
        return new(translations.GroupBy(d => (d.Source, d.Target))
            .ToDictionary(g => g.Key, g => g.Select(d => (WordsOf(d), d.Answer.Trim())).ToArray()));
    }

    /// <summary>The translation of the source with the highest share of common words (Jaccard); empty if the pair has none.</summary>
    public string Answer(Document prompt)
    {
        if (!_examples.TryGetValue((prompt.Source, prompt.Target), out var examples)) return "";
        var words = WordsOf(prompt);
        return examples.MaxBy(e => Jaccard(e.Words, words)).Answer;
    }

    private static double Jaccard(HashSet<string> a, HashSet<string> b)
    {
        var common = a.Count(b.Contains);
        return common / (double)Math.Max(1, a.Count + b.Count - common);
    }

    private static HashSet<string> WordsOf(Document document) =>
        [.. document.Segments.Where(s => s.Role == Role.Source).SelectMany(s => LanguageGuesser.Words(s.Text))];
}
