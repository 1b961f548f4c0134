using SaeNotebooks.Training.Corpus;

namespace SaeNotebooks.Training.Tasks;

/// <summary>Prompts for evaluation: any meaning, wording and language pair, held out or not. Immutable.</summary>
public sealed class TaskPrompts(Grammar grammar, Wordings wordings)
{
    /// <summary>The wordings, to choose from by task, split, strength and language.</summary>
    public Wordings Wordings => wordings;

    /// <summary>A prompt in a wording, with its reference answer; the answer is empty for continuations, which are open.</summary>
    /// <param name="wordingId">which wording, and so which task</param>
    /// <param name="meaning">what the source sentence says</param>
    /// <param name="source">the source's language</param>
    /// <param name="target">the language to translate into, or merely named; equal to <paramref name="source"/> if there is none</param>
    /// <param name="question">a question about <paramref name="meaning"/>, for the answer task</param>
    /// <exception cref="ArgumentException">no such wording, or a question that the task needs is missing</exception>
    public Document Instructed(string wordingId, Meaning meaning, Language source, Language target, Question? question = null)
    {
        var wording = wordings[wordingId];
        return Instructed(wording, Solve(wording.Task, meaning, source, target, question), source, target);
    }

    /// <summary>A prompt to continue part of a story; its answer is empty, for it is open.</summary>
    /// <param name="wordingId">a wording of the task</param>
    /// <param name="told">what the sentences of the source say</param>
    /// <param name="source">the source's language</param>
    /// <param name="target">a language to name where the wording names a second one</param>
    /// <exception cref="ArgumentException">no such wording, a wording of another task, or nothing told</exception>
    public Document Continuation(string wordingId, IReadOnlyList<Meaning> told, Language source, Language target)
    {
        var wording = wordings[wordingId];
        if (wording.Task != TaskKind.Continue) throw new ArgumentException($"The wording '{wordingId}' asks to {wording.Task}, not to continue.", nameof(wordingId));
        if (told.Count == 0) throw new ArgumentException("A continuation needs at least one sentence to follow.", nameof(told));
        return Instructed(wording, new Exercise(string.Join(' ', told.Select(m => grammar.Realize(m, source))), null, "", told), source, target);
    }

    /// <summary>A translation or repetition prompt of solved examples without an instruction.</summary>
    /// <param name="task">translate or repeat</param>
    /// <param name="examples">what the examples say; give meanings that training may see</param>
    /// <param name="meaning">what the last source says</param>
    /// <param name="source">the sources' language</param>
    /// <param name="target">the language to translate into; equal to <paramref name="source"/> for repetitions</param>
    /// <exception cref="ArgumentException">the task is another one, or there are no examples</exception>
    public Document FewShot(TaskKind task, IReadOnlyList<Meaning> examples, Meaning meaning, Language source, Language target)
    {
        if (task is not (TaskKind.Translate or TaskKind.Repeat))
            throw new ArgumentException($"Examples can be solved for translations and repetitions, not for {task}.", nameof(task));
        if (examples.Count == 0) throw new ArgumentException("A few-shot prompt needs at least one example.", nameof(examples));
        var last = Solve(task, meaning, source, target, null);
        var prompt = FewShotPrompt.Of(examples.Select(e => Solve(task, e, source, target, null)), last);
        return Build(DocumentKind.FewShot, task, source, target, [.. examples, meaning], prompt, last.Answer);
    }

    private Document Instructed(Wording wording, Exercise exercise, Language source, Language target)
    {
        var prompt = wordings.Prompt(wording, new Slots(exercise.Source, source, target, exercise.Question));
        return Build(DocumentKind.Instructed, wording.Task, source, target, exercise.Meanings, prompt, exercise.Answer) with { WordingId = wording.Id };
    }

    private Exercise Solve(TaskKind task, Meaning meaning, Language source, Language target, Question? question)
    {
        var asked = task == TaskKind.Answer
            ? question ?? throw new ArgumentException("The answer task needs a question about the meaning.", nameof(question))
            : null;
        var text = grammar.Realize(meaning, source);
        var answer = task switch
        {
            TaskKind.Translate => grammar.Realize(meaning, target),
            TaskKind.Repeat => text,
            TaskKind.Answer => asked!.Answer(source),
            _ => "",
        };
        return new Exercise(text, asked?.Text(source), answer, [meaning]);
    }

    private static Document Build(DocumentKind kind, TaskKind task, Language source, Language target, IReadOnlyList<Meaning> meanings,
        IReadOnlyList<Segment> prompt, string answer) => new()
    {
        Kind = kind,
        Task = task,
        AnswerTask = task,
        Source = source,
        Target = target,
        Meanings = meanings,
        Segments = answer.Length == 0 ? prompt : [.. prompt, new(Role.Answer, answer)],
    };
}
