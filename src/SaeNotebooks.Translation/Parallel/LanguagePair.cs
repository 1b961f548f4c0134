namespace SaeNotebooks.Translation.Parallel;

/// <summary>A source and a target language, written <c>en-zh</c> or <c>en2zh</c>.</summary>
/// <param name="From">code of the source language</param>
/// <param name="To">code of the target language</param>
public sealed record LanguagePair(string From, string To)
{
    /// <summary>Reads a pair; null if the text is none.</summary>
    public static LanguagePair? Find(string text) =>
        text.Trim().Split('-', '2') is [{ Length: > 0 } from, { Length: > 0 } to] && from.All(IsCode) && to.All(IsCode) ? new(from, to) : null;

    /// <summary>Reads a pair.</summary>
    /// <exception cref="ParallelDataException">the text is none</exception>
    public static LanguagePair Parse(string text) => Find(text) ?? throw new ParallelDataException($"'{text}' is no pair of languages, which is written en-fr or en2fr.");

    /// <inheritdoc/>
    public override string ToString() => $"{From}-{To}";

    private static bool IsCode(char c) => char.IsLetter(c) || c == '_';
}
