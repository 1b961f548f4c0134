using SaeNotebooks.Training.Corpus;

namespace SaeNotebooks.Training.Tasks;

/// <summary>A source with its answer, before any wording.</summary>
/// <param name="Source">the sentence or sentences that the task is about</param>
/// <param name="Question">a question about them, for the answer task</param>
/// <param name="Answer">what the task asks for</param>
/// <param name="Meanings">what source and answer mean</param>
internal sealed record Exercise(string Source, string? Question, string Answer, IReadOnlyList<Meaning> Meanings)
{
    /// <summary>A solved example: source and question, line break, answer, line break.</summary>
    public string Shot => Asked + Document.LineBreak + Answer + Document.LineBreak;

    private string Asked => Question is null ? Source : Source + " " + Question;
}

/// <summary>Draws exercises for training.</summary>
internal sealed class Exercises(Grammar grammar, Mixture mixture)
{
    private readonly Passages _passages = new(grammar);

    /// <summary>An exercise whose prompt sets one task and whose answer carries out another or the same.</summary>
    public Exercise Draw(Rng rng, TaskKind task, TaskKind answerTask, Language source, Language target)
    {
        var continued = answerTask == TaskKind.Continue;
        // Longer beginnings only where the prompt asks for a continuation: elsewhere a source is one sentence.
        var sentences = task == TaskKind.Continue && continued && !rng.Chance(0.5) ? 1 + rng.Next(mixture.ContinueSentences) : 1;
        var (meanings, question) = Asked(rng, task, () => continued ? _passages.Story(rng, sentences + 1) : Begin(rng, task));
        IReadOnlyList<Meaning> told = [.. meanings.Take(sentences)];
        var answer = answerTask switch
        {
            TaskKind.Translate => Text(told, target),
            TaskKind.Repeat => Text(told, source),
            TaskKind.Continue => Text([meanings[sentences]], source),
            _ => question!.Answer(source),
        };
        return new Exercise(Text(told, source), question?.Text(source), answer, meanings);
    }

    /// <summary>The sentences as running text.</summary>
    public string Text(IEnumerable<Meaning> meanings, Language language) => string.Join(' ', meanings.Select(m => grammar.Realize(m, language)));

    /// <summary>Sentences of a new story.</summary>
    public IReadOnlyList<Meaning> Story(Rng rng, int sentences) => _passages.Story(rng, sentences);

    // Continuations begin stories, so other tasks do too: the sort of sentence alone must not tell the task.
    private IReadOnlyList<Meaning> Begin(Rng rng, TaskKind task) =>
        task != TaskKind.Continue && rng.Chance(mixture.Standalone) ? _passages.Sentence(rng) : _passages.Story(rng, 1);

    private (IReadOnlyList<Meaning>, Question?) Asked(Rng rng, TaskKind task, Func<IReadOnlyList<Meaning>> draw)
    {
        while (true)
        {
            var meanings = draw();
            if (task != TaskKind.Answer) return (meanings, null);
            if (grammar.Ask(meanings[0], rng) is { } question) return (meanings, question);
        }
    }
}
