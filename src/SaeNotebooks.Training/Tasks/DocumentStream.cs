using SaeNotebooks.Training.Corpus;

namespace SaeNotebooks.Training.Tasks;

/// <summary>
/// An endless training corpus with random access: document <c>i</c> depends on the seed and on <c>i</c> alone. It holds no test
/// meaning, no held-out wording and no held-out language pair. Immutable; may be used by several threads at once.
/// </summary>
public sealed class DocumentStream
{
    private static readonly TaskKind[] Tasks = Enum.GetValues<TaskKind>();

    // Questions are not shifted to: their answer needs a question in the prompt.
    private static readonly TaskKind[] Shifts = [TaskKind.Translate, TaskKind.Repeat, TaskKind.Continue];

    private readonly Wordings _wordings;
    private readonly Mixture _mixture;
    private readonly ulong _seed;
    private readonly Exercises _exercises;
    private readonly Dictionary<(TaskKind, Language), Wording[]> _trained;

    /// <summary>A stream of the given mixture.</summary>
    /// <exception cref="ArgumentException">the mixture has a weight or share out of range, or a task has no wording in some language</exception>
    public DocumentStream(Grammar grammar, Wordings wordings, Mixture mixture, ulong seed)
    {
        mixture.Check();
        (_wordings, _mixture, _seed) = (wordings, mixture, seed);
        _exercises = new Exercises(grammar, mixture);
        _trained = wordings.Where(split: WordingSplit.Train).GroupBy(w => (w.Task, w.Language)).ToDictionary(g => g.Key, g => g.ToArray());
        foreach (var key in Tasks.SelectMany(task => Languages.All.Select(language => (task, language))))
            if (!_trained.ContainsKey(key))
                throw new ArgumentException($"There is no wording to train {key.task} with in {key.language}; add one to wordings.tsv.", nameof(wordings));
    }

    /// <summary>The document at a place of the stream.</summary>
    /// <exception cref="ArgumentOutOfRangeException">the index is negative</exception>
    public Document this[long index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            var rng = new Rng(_seed ^ ((ulong)index + 1) * 0xD1342543DE82EF95);
            var tasks = Tasks.Sum(_mixture.Weight);
            if (rng.Chance(_mixture.Story / (_mixture.Story + tasks))) return Story(rng);
            var task = rng.Pick(Tasks, _mixture.Weight);
            var source = rng.Pick(Languages.All);
            var target = rng.Pick(HeldPairs.TrainedTargets(source));
            return rng.Chance(_mixture.FewShot) ? FewShot(rng, task, source, target) : Instructed(rng, task, source, target);
        }
    }

    private Document Story(Rng rng)
    {
        var language = rng.Pick(Languages.All);
        var meanings = _exercises.Story(rng);
        return new Document
        {
            Kind = DocumentKind.Story,
            Source = language,
            Target = language,
            Meanings = meanings,
            Segments = [new(Role.Text, _exercises.Text(meanings, language))],
        };
    }

    private Document Instructed(Rng rng, TaskKind task, Language source, Language target)
    {
        var wording = rng.Pick(_trained[(task, rng.Pick(Languages.All))]);
        var answerTask = rng.Chance(_mixture.Shift) ? rng.Pick(Shifts.Where(t => t != task).ToArray()) : task;
        var exercise = _exercises.Draw(rng, task, answerTask, source, target);
        var prompt = _wordings.Prompt(wording, new Slots(exercise.Source, source, target, exercise.Question));
        return new Document
        {
            Kind = DocumentKind.Instructed,
            Task = task,
            AnswerTask = answerTask,
            Source = source,
            Target = wording.NamesTarget || answerTask == TaskKind.Translate ? target : source,
            WordingId = wording.Id,
            Meanings = exercise.Meanings,
            Segments = [.. prompt, new(Role.Answer, exercise.Answer)],
        };
    }

    private Document FewShot(Rng rng, TaskKind task, Language source, Language target)
    {
        var examples = Enumerable.Range(0, 2 + rng.Next(2)).Select(_ => Example()).ToList();
        var last = Example();
        return new Document
        {
            Kind = DocumentKind.FewShot,
            Task = task,
            AnswerTask = task,
            Source = source,
            Target = task == TaskKind.Translate ? target : source,
            Meanings = [.. examples.SelectMany(e => e.Meanings), .. last.Meanings],
            Segments = [.. FewShotPrompt.Of(examples, last), new(Role.Answer, last.Answer)],
        };

        Exercise Example() => _exercises.Draw(rng, task, task, source, target);
    }
}
