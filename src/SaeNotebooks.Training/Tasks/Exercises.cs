using SaeNotebooks.Training.Corpus;

namespace SaeNotebooks.Training.Tasks;

/// <summary>Draws exercises and stories for training; none holds a test meaning.</summary>
internal sealed class Exercises(Grammar grammar, Mixture mixture)
{
    // A source is taken from one of the first places of a story, so that it may begin with a pronoun or a new person.
    private const int StoryPlaces = 5;

    private readonly MeaningSampler _sampler = new(grammar);

    /// <summary>An exercise whose prompt sets one task and whose answer carries out another or the same.</summary>
    public Exercise Draw(Rng rng, TaskKind task, TaskKind answerTask, Language source, Language target)
    {
        // Longer sources only where the prompt asks for a continuation: elsewhere a source is one sentence.
        var length = task == TaskKind.Continue && answerTask == task && rng.Chance(0.5) ? 1 + rng.Next(mixture.ContinueSentences) : 1;
        // Continuations are parts of stories, so other sources are too: the sort of sentence alone must not tell the task.
        var inStory = task == TaskKind.Continue || answerTask == TaskKind.Continue || !rng.Chance(mixture.Standalone);
        var (told, next, question) = Ask(rng, task, () => inStory ? Excerpt(rng, length) : ([_sampler.Sentence(rng)], null));
        var answer = answerTask switch
        {
            TaskKind.Translate => Text(told, target),
            TaskKind.Repeat => Text(told, source),
            TaskKind.Continue => Text([next!], source),
            _ => question!.Answer(source),
        };
        return new Exercise(Text(told, source), question?.Text(source), answer, answerTask == TaskKind.Continue ? [.. told, next!] : told);
    }

    /// <summary>A whole story.</summary>
    public IReadOnlyList<Meaning> Story(Rng rng) => _sampler.Story(rng, mixture.StoryFrom + rng.Next(mixture.StoryTo - mixture.StoryFrom + 1));

    /// <summary>The sentences as running text.</summary>
    public string Text(IEnumerable<Meaning> meanings, Language language) => string.Join(' ', meanings.Select(m => grammar.Realize(m, language)));

    /// <summary>Some sentences out of a story, and the one that follows them.</summary>
    private (IReadOnlyList<Meaning> Told, Meaning? Next) Excerpt(Rng rng, int length)
    {
        var start = rng.Next(StoryPlaces);
        var story = _sampler.Story(rng, start + length + 1);
        return ([.. story.Skip(start).Take(length)], story[start + length]);
    }

    /// <summary>Draws until there is something to ask about, if the task asks.</summary>
    private (IReadOnlyList<Meaning>, Meaning?, Question?) Ask(Rng rng, TaskKind task, Func<(IReadOnlyList<Meaning>, Meaning?)> draw)
    {
        while (true)
        {
            var (told, next) = draw();
            if (task != TaskKind.Answer) return (told, next, null);
            if (grammar.Ask(told[0], rng) is { } question) return (told, next, question);
        }
    }
}
