using System.Text.RegularExpressions;

namespace SaeNotebooks.Translation.Parallel;

/// <summary>A source and a target language, written <c>en-zh</c> or <c>en2zh</c>.</summary>
/// <param name="From">code of the source language: two or three letters, and a region after <c>_</c> if need be</param>
/// <param name="To">code of the target language</param>
public sealed partial record LanguagePair(string From, string To)
{
    /// <summary>Reads a pair; null if the text is none.</summary>
    public static LanguagePair? Find(string text) => Pair().Match(text.Trim()) is { Success: true } pair ? new(pair.Groups[1].Value, pair.Groups[2].Value) : null;

    /// <summary>Reads a pair.</summary>
    /// <exception cref="ParallelDataException">the text is none</exception>
    public static LanguagePair Parse(string text) => Find(text) ?? throw new ParallelDataException($"'{text}' is no pair of languages, which is written en-fr or en2fr.");

    /// <inheritdoc/>
    public override string ToString() => $"{From}-{To}";

    [GeneratedRegex("^([a-z]{2,3}(?:_[A-Za-z]+)?)[-2]([a-z]{2,3}(?:_[A-Za-z]+)?)$")]
    private static partial Regex Pair();
}
