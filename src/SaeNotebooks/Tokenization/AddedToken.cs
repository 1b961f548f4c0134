namespace SaeNotebooks.Tokenization;

/// <summary>A token that is recognised in the text before anything else is done to it.</summary>
/// <param name="Id">its id</param>
/// <param name="Content">its text</param>
internal sealed record AddedToken(int Id, string Content)
{
    /// <summary>Whether it is a control token rather than a word.</summary>
    public bool IsSpecial { get; init; }

    /// <summary>Whether it is looked for in the normalised text instead of the raw one.</summary>
    public bool IsNormalized { get; init; }

    /// <summary>What is looked for: its text, normalised if the text is.</summary>
    public string Pattern { get; init; } = Content;

    /// <summary>Whether it is looked for at all.</summary>
    public bool IsInText { get; init; } = true;

    /// <summary>Whether it counts only where no letter, digit or underscore touches it.</summary>
    public bool IsSingleWord { get; init; }

    /// <summary>Whether it takes the white space before it.</summary>
    public bool StripsLeft { get; init; }

    /// <summary>Whether it takes the white space after it.</summary>
    public bool StripsRight { get; init; }
}
