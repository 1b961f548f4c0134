using SaeNotebooks.Training.Corpus;

namespace SaeNotebooks.Training.Tasks;

/// <summary>What a document is.</summary>
public enum DocumentKind
{
    /// <summary>Running text in one language.</summary>
    Story,
    /// <summary>A prompt with an instruction, and its answer.</summary>
    Instructed,
    /// <summary>A prompt of solved examples without an instruction, and its answer.</summary>
    FewShot,
}

/// <summary>What a stretch of a document is for.</summary>
public enum Role
{
    /// <summary>Running text.</summary>
    Text,
    /// <summary>Words that say what to do.</summary>
    Instruction,
    /// <summary>The sentence that the task is about.</summary>
    Source,
    /// <summary>A question about the source.</summary>
    Question,
    /// <summary>The source and question of a solved example, with the line break after them.</summary>
    Shot,
    /// <summary>The answer of a solved example, with the line break after it.</summary>
    ShotAnswer,
    /// <summary>The line break that ends the prompt: where the model has to commit to a task.</summary>
    Break,
    /// <summary>What follows the prompt.</summary>
    Answer,
}

/// <summary>A stretch of text with one role. A space between two stretches belongs to the second, as it does in the tokens.</summary>
public sealed record Segment(Role Role, string Text);

/// <summary>One training document or evaluation prompt, without the special tokens around it.</summary>
public sealed record Document
{
    /// <summary>The line break that ends a prompt and, in few-shot prompts, stands between examples.</summary>
    public const string LineBreak = "\n";

    /// <summary>Running text, an instructed task, or a few-shot task.</summary>
    public required DocumentKind Kind { get; init; }

    /// <summary>The task that the prompt sets; null for running text.</summary>
    public TaskKind? Task { get; init; }

    /// <summary>The task that the answer carries out: another one than <see cref="Task"/> after a context shift.</summary>
    public TaskKind? AnswerTask { get; init; }

    /// <summary>The language of the source sentence or of the running text.</summary>
    public required Language Source { get; init; }

    /// <summary>The language that the wording names beside the source's, and that a translation is in; the source's if there is none.</summary>
    public required Language Target { get; init; }

    /// <summary>The wording's id; null without a wording.</summary>
    public string? WordingId { get; init; }

    /// <summary>The meanings of all sentences in the document, in their order; questions are about one of them.</summary>
    public required IReadOnlyList<Meaning> Meanings { get; init; }

    /// <summary>The text in stretches.</summary>
    public required IReadOnlyList<Segment> Segments { get; init; }

    /// <summary>Whether the answer follows another task than the prompt.</summary>
    public bool Shifted => AnswerTask != Task;

    /// <summary>The language of the answer, or of the running text.</summary>
    public Language AnswerLanguage => AnswerTask == TaskKind.Translate ? Target : Source;

    /// <summary>The whole text.</summary>
    public string Text => string.Concat(Segments.Select(s => s.Text));

    /// <summary>Everything up to the line break that ends the prompt; empty for running text.</summary>
    public string Prompt => string.Concat(Segments.Where(s => s.Role is not (Role.Answer or Role.Text)).Select(s => s.Text));

    /// <summary>What follows the prompt; empty for running text.</summary>
    public string Answer => string.Concat(Segments.Where(s => s.Role == Role.Answer).Select(s => s.Text));
}
