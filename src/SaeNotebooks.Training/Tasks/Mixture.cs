namespace SaeNotebooks.Training.Tasks;

/// <summary>What a document stream is made of. The five weights are relative to their sum.</summary>
public sealed record Mixture
{
    /// <summary>Weight of translation prompts.</summary>
    public double Translate { get; init; } = 0.62;

    /// <summary>Weight of repetition prompts.</summary>
    public double Repeat { get; init; } = 0.13;

    /// <summary>Weight of continuation prompts.</summary>
    public double Continue { get; init; } = 0.09;

    /// <summary>Weight of prompts with a question.</summary>
    public double Answer { get; init; } = 0.06;

    /// <summary>Weight of running text.</summary>
    public double Story { get; init; } = 0.10;

    /// <summary>Share of task documents that show 2 or 3 solved examples and no instruction.</summary>
    public double FewShot { get; init; } = 0.16;

    /// <summary>Share of instructed documents whose answer follows another task than the prompt: the context shifts.</summary>
    public double Shift { get; init; } = 0.05;

    /// <summary>Share of sources that stand alone; the others are taken out of a story.</summary>
    public double Standalone { get; init; } = 0.65;

    /// <summary>Most sentences before a continuation; half of the continuations follow a single one, the others 1 to this many.</summary>
    public int ContinueSentences { get; init; } = 3;

    /// <summary>Fewest sentences of running text.</summary>
    public int StoryFrom { get; init; } = 3;

    /// <summary>Most sentences of running text.</summary>
    public int StoryTo { get; init; } = 8;

    /// <summary>The weight of each task.</summary>
    internal double Weight(TaskKind task) => task switch
    {
        TaskKind.Translate => Translate,
        TaskKind.Repeat => Repeat,
        TaskKind.Continue => Continue,
        _ => Answer,
    };

    /// <exception cref="ArgumentException">a weight or share is out of range</exception>
    internal void Check()
    {
        foreach (var weight in (ReadOnlySpan<double>)[Translate, Repeat, Continue, Answer, Story])
            if (!(weight >= 0)) throw new ArgumentException($"A weight of the mixture is {weight}; weights are 0 or more.");
        if (Translate + Repeat + Continue + Answer + Story <= 0) throw new ArgumentException("All weights of the mixture are 0; make one positive.");
        foreach (var share in (ReadOnlySpan<double>)[FewShot, Shift, Standalone])
            if (!(share is >= 0 and <= 1)) throw new ArgumentException($"A share of the mixture is {share}; shares are between 0 and 1.");
        if (ContinueSentences < 1 || StoryFrom < 2 || StoryTo < StoryFrom)
            throw new ArgumentException($"The mixture's lengths are impossible: {ContinueSentences} before a continuation, stories of {StoryFrom} to {StoryTo}.");
    }
}
