using SaeNotebooks.Training.Corpus;

namespace SaeNotebooks.Training.Tasks;

/// <summary>Where the instruction stands.</summary>
public enum Place
{
    /// <summary>Before the source.</summary>
    Before,
    /// <summary>After the source.</summary>
    After,
    /// <summary>On both sides of it.</summary>
    Around,
}

/// <summary>How clearly a wording says what to do.</summary>
public enum Strength
{
    /// <summary>It names the task.</summary>
    Strong,
    /// <summary>The task has to be guessed from a hint.</summary>
    Weak,
    /// <summary>Words that belong to several tasks.</summary>
    Mixed,
    /// <summary>A bare label, which several tasks share.</summary>
    Tag,
}

/// <summary>Who may see a wording.</summary>
public enum WordingSplit
{
    /// <summary>Training and evaluation.</summary>
    Train,
    /// <summary>Evaluation alone.</summary>
    Held,
}

/// <summary>One way to set a task.</summary>
public sealed record Wording
{
    internal Wording(string id, Template template) => (Id, Template) = (id, template);

    /// <summary>For example <c>translate.fr.03</c>.</summary>
    public string Id { get; }

    /// <summary>The task it sets.</summary>
    public required TaskKind Task { get; init; }

    /// <summary>The language it is written in, independent of the source's and the target's.</summary>
    public required Language Language { get; init; }

    /// <summary>Where the instruction stands.</summary>
    public required Place Place { get; init; }

    /// <summary>How clearly it says what to do.</summary>
    public required Strength Strength { get; init; }

    /// <summary>Whether training may see it.</summary>
    public required WordingSplit Split { get; init; }

    /// <summary>Whether it names a language beside the source's.</summary>
    public bool NamesTarget => Template.NamesTarget;

    internal Template Template { get; }
}
