using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Tasks;

namespace SaeNotebooks.Translation.Evaluation;

/// <summary>Draws prompts for evaluation. Deterministic given the generator.</summary>
/// <param name="grammar">realises the sources</param>
/// <param name="wordings">sets the tasks</param>
public sealed class PromptSampler(Grammar grammar, Wordings wordings)
{
    private static readonly (Language Source, Language Target)[] Pairs =
        [.. from source in Languages.All from target in Languages.All where source != target select (source, target)];

    // A continuation follows 1 to 3 sentences from one of the first places of a story, as in training.
    private const int StoryPlaces = 5, MostTold = 3;

    private readonly MeaningSampler _meanings = new(grammar);
    private readonly TaskPrompts _prompts = new(grammar, wordings);

    /// <summary>Every ordered pair of two languages.</summary>
    public static IReadOnlyList<(Language Source, Language Target)> AllPairs => Pairs;

    /// <summary>The ordered pairs that training puts together.</summary>
    public static IReadOnlyList<(Language Source, Language Target)> SeenPairs { get; } = [.. Pairs.Where(p => !HeldPairs.Contains(p.Source, p.Target))];

    /// <summary>A sentence of a split.</summary>
    public Meaning Meaning(Rng rng, Split split = Split.Test) => _meanings.Sentence(rng, split);

    /// <summary>A translation prompt in one of the wordings.</summary>
    public Document Translation(Rng rng, (Language Source, Language Target) pair, IReadOnlyList<Wording> wordings, Split split = Split.Test) =>
        _prompts.Instructed(rng.Pick(wordings).Id, Meaning(rng, split), pair.Source, pair.Target);

    /// <summary>A prompt that sets a task in one of its wordings; the language pair is drawn too. The source is a sentence, but for continuations part of a
    /// story, in which at least one sentence is of the split.</summary>
    /// <param name="rng">the generator</param>
    /// <param name="task">the task</param>
    /// <param name="wordings">wordings of that task</param>
    /// <param name="split">of the source sentence</param>
    public Document Prompt(Rng rng, TaskKind task, IReadOnlyList<Wording> wordings, Split split = Split.Test)
    {
        var pair = rng.Pick(SeenPairs);
        if (task == TaskKind.Continue) return _prompts.Continuation(rng.Pick(wordings).Id, Told(rng, split), pair.Source, pair.Target);
        if (task != TaskKind.Answer) return Of(rng, Meaning(rng, split), pair, wordings);
        var (meaning, question) = Asked(rng, split);
        return _prompts.Instructed(rng.Pick(wordings).Id, meaning, pair.Source, pair.Target, question);
    }

    /// <summary>A prompt about a given sentence, in one of the wordings of any task but the answer task.</summary>
    public Document Of(Rng rng, Meaning meaning, (Language Source, Language Target) pair, IReadOnlyList<Wording> wordings)
    {
        var wording = rng.Pick(wordings);
        return _prompts.Instructed(wording.Id, meaning, pair.Source, pair.Target);
    }

    /// <summary>A translation prompt of solved examples, whose sentences training may see, without an instruction.</summary>
    public Document FewShot(Rng rng, (Language Source, Language Target) pair, int examples) => _prompts.FewShot(TaskKind.Translate,
        [.. Enumerable.Range(0, examples).Select(_ => Meaning(rng, Split.Train))], Meaning(rng), pair.Source, pair.Target);

    /// <summary>A story of a split as running text.</summary>
    public string Story(Rng rng, Language language, int sentences, Split split = Split.Test) =>
        string.Join(' ', _meanings.Story(rng, sentences, split).Select(m => grammar.Realize(m, language)));

    /// <summary>The wordings of a task; without a strength, of every strength.</summary>
    public IReadOnlyList<Wording> Wordings(TaskKind task, WordingSplit split, Strength? strength = null) => [.. wordings.Where(task, split, strength)];

    /// <summary>Part of a story; of the test split if one of its own sentences is held out, for the rest of the story is not shown.</summary>
    private List<Meaning> Told(Rng rng, Split split)
    {
        while (true)
        {
            var (start, length) = (rng.Next(StoryPlaces), 1 + rng.Next(MostTold));
            List<Meaning> told = [.. _meanings.Story(rng, start + length, split).Skip(start)];
            if (told.Any(HeldOut.IsTest) == (split == Split.Test)) return told;
        }
    }

    private (Meaning, Question) Asked(Rng rng, Split split)
    {
        while (true)
        {
            var meaning = _meanings.Statement(rng, split);
            if (grammar.Ask(meaning, rng) is { } question) return (meaning, question);
        }
    }
}
