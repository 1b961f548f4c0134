namespace SaeNotebooks.Training.Tasks;

/// <summary>What a prompt asks for.</summary>
public enum TaskKind
{
    /// <summary>The sentence in another language.</summary>
    Translate,
    /// <summary>The same sentence again.</summary>
    Repeat,
    /// <summary>The next sentence of the story, in its language.</summary>
    Continue,
    /// <summary>A short answer to a question about the sentence, in its language.</summary>
    Answer,
}
