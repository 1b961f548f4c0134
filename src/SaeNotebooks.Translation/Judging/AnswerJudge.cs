using SaeNotebooks.Generation;
using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Tasks;

namespace SaeNotebooks.Translation.Judging;

/// <summary>Says what became of an answer, by the text alone. Immutable; may be used by several threads at once.</summary>
/// <param name="grammar">knows every translation that is compatible with a source text</param>
/// <param name="guesser">tells languages apart</param>
public sealed class AnswerJudge(Grammar grammar, LanguageGuesser guesser)
{
    /// <summary>Word overlap (F1) from which a text counts as a copy of another, wrong words and all.</summary>
    private const double CopyOverlap = 0.8;

    /// <summary>Word overlap from which a repetition is one with wrong words, and not another sentence.</summary>
    private const double RepetitionOverlap = 0.5;

    /// <summary>A judge over the grammar, with a guesser of its own.</summary>
    public AnswerJudge(Grammar grammar) : this(grammar, LanguageGuesser.Build(grammar)) { }

    /// <summary>Judges what a model generated after a prompt. An answer ends at its first line break.</summary>
    /// <param name="prompt">the prompt, which says what was asked for</param>
    /// <param name="generated">what came after it</param>
    public Outcome Judge(Document prompt, GeneratedText generated) => Judge(prompt, generated.Text, generated.Finish == FinishReason.StopToken);

    /// <summary>Judges an answer.</summary>
    /// <param name="prompt">the prompt, which says what was asked for</param>
    /// <param name="output">what came after it</param>
    /// <param name="ended">whether the model ended it by itself</param>
    /// <exception cref="ArgumentException">the document is running text, which asks for nothing</exception>
    public Outcome Judge(Document prompt, string output, bool ended)
    {
        var answer = Answer(output);
        if (answer.Length == 0) return Outcome.Empty;
        if (!(ended || output.Contains('\n')) || GoesRound(answer)) return Outcome.NeverEnded;
        var source = SourceOf(prompt);
        return prompt.Task switch
        {
            TaskKind.Translate => Translation(prompt, source, answer),
            TaskKind.Repeat => Repetition(prompt, source, answer),
            TaskKind.Continue => Continuation(prompt, source, answer),
            TaskKind.Answer => Reply(prompt, source, answer),
            _ => throw new ArgumentException("Running text sets no task; give a prompt.", nameof(prompt)),
        };
    }

    /// <summary>Every right answer, the reference first; empty for continuations, which are open.</summary>
    public IReadOnlyList<string> RightAnswers(Document prompt) => prompt.Task switch
    {
        TaskKind.Translate => grammar.Translations(prompt.Meanings[^1], prompt.Source, prompt.Target),
        TaskKind.Continue => [],
        _ => [prompt.Answer],
    };

    /// <summary>The answer in an output: its first line, without spaces around it, composed (NFC).</summary>
    public static string Answer(string output) => output.TrimStart('\n', ' ').Split('\n')[0].Trim().Normalize();

    private Outcome Translation(Document prompt, string source, string answer)
    {
        if (RightAnswers(prompt).Contains(answer)) return Outcome.Right;
        if (Overlap(answer, source) >= CopyOverlap) return Outcome.SourceCopied;
        var language = guesser.Guess(answer);
        return language == prompt.Target ? Outcome.WrongWords : Elsewhere(prompt, language);
    }

    private Outcome Repetition(Document prompt, string source, string answer) =>
        answer == source ? Outcome.Right
        : Overlap(answer, source) >= RepetitionOverlap ? Outcome.WrongWords
        : Elsewhere(prompt, guesser.Guess(answer));

    private Outcome Continuation(Document prompt, string source, string answer)
    {
        if (Sentences(source).Append(source).Any(told => Overlap(answer, told) >= CopyOverlap)) return Outcome.SourceCopied;
        var language = guesser.Guess(answer);
        return language == prompt.Source ? Outcome.Right : Elsewhere(prompt, language);
    }

    private Outcome Reply(Document prompt, string source, string answer)
    {
        if (answer == prompt.Answer) return Outcome.Right;
        if (Overlap(answer, source) >= CopyOverlap) return Outcome.SourceCopied;
        var language = guesser.Guess(answer);
        // Names are the same in all languages, so a short wrong reply may look like another language's.
        return language == prompt.Source || guesser.Known(answer, prompt.Source) == 1 ? Outcome.WrongWords : Elsewhere(prompt, language);
    }

    private static Outcome Elsewhere(Document prompt, Language? language) =>
        language == prompt.Source ? Outcome.SameLanguage : Outcome.OtherLanguage;

    private static string SourceOf(Document prompt) =>
        string.Concat(prompt.Segments.Where(s => s.Role == Role.Source).Select(s => s.Text)).Trim().Normalize();

    private static string[] Sentences(string text) => text.Split(['.', '?', '!'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>F1 of the words of two texts, each as often as it occurs.</summary>
    private static double Overlap(string a, string b)
    {
        List<string> left = [.. LanguageGuesser.Words(a)], right = [.. LanguageGuesser.Words(b)];
        if (left.Count + right.Count == 0) return 0;
        var common = left.CountBy(w => w).Join(right.CountBy(w => w), p => p.Key, p => p.Key, (p, q) => Math.Min(p.Value, q.Value)).Sum();
        return 2.0 * common / (left.Count + right.Count);
    }

    /// <summary>Whether the text ends with the same one to four words, four times over.</summary>
    private static bool GoesRound(string text)
    {
        List<string> words = [.. LanguageGuesser.Words(text)];
        return Enumerable.Range(1, 4).Any(n => words.Count >= 4 * n
            && Enumerable.Range(words.Count - 3 * n, 3 * n).All(i => words[i] == words[i - n]));
    }
}
