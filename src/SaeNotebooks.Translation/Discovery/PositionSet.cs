namespace SaeNotebooks.Translation.Discovery;

/// <summary>A token of a translation prompt, named by what it does there.</summary>
public enum PromptPosition
{
    /// <summary>The token before the one that holds the source's first character.</summary>
    BeforeSource,

    /// <summary>The token that holds the source's last character (the paper's src_last).</summary>
    SourceLast,

    /// <summary>The token that holds the last character of the target language's name (tgt_lang).</summary>
    LanguageLast,

    /// <summary>The token that holds the last character of the reference, which the prompt then includes (the code's tgt_last).</summary>
    TargetLast,

    /// <summary>The last token of the prompt without the reference (the paper's input_last).</summary>
    InputLast,
}

/// <summary>The positions at which latents are looked for, and how they are found.</summary>
/// <param name="Name">for reports</param>
/// <param name="Positions">which</param>
public sealed record PositionSet(string Name, IReadOnlyList<PromptPosition> Positions)
{
    /// <summary>{before-src, tgt_lang, tgt_last}: what the authors' code watches. Its variable for the end of the source is computed and never used.</summary>
    public static PositionSet Code { get; } = new("the code's", [PromptPosition.BeforeSource, PromptPosition.LanguageLast, PromptPosition.TargetLast]);

    /// <summary>{src_last, tgt_lang, input_last}: what the paper names.</summary>
    public static PositionSet Paper { get; } = new("the paper's", [PromptPosition.SourceLast, PromptPosition.LanguageLast, PromptPosition.InputLast]);

    /// <summary>Finds the language by the first occurrence of its name in the text, as the code does, which may lie inside of the source; by default it is
    /// known from the template.</summary>
    public bool FindByText { get; init; }

    /// <summary>Ends the reference with a line break, as the code's unstripped lines do, so that <see cref="PromptPosition.TargetLast"/> is that break.</summary>
    public bool KeepNewline { get; init; }

    /// <summary>Whether the prompt must include the reference.</summary>
    public bool NeedsReference => Positions.Contains(PromptPosition.TargetLast);
}
