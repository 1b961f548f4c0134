using System.Text;

namespace SaeNotebooks.Translation.Judging.OffTask;

/// <summary>
/// Finds outputs that are no translation of their source, or not only that, by the text alone and without a reference. How well it does is measured on
/// the labelled set of <c>data/judging</c>. Immutable; may be used by several threads at once.
/// </summary>
/// <param name="target">code of the language asked for, one of <see cref="LanguageIdentifier.Codes"/></param>
/// <exception cref="ArgumentException">an unknown code</exception>
/// <example><code>
/// var kinds = new OffTaskDetector("fr").Detect("Here is the translation: Le chien dort.", source: "The dog sleeps.");   // Extraneous
/// </code></example>
public sealed class OffTaskDetector(string target)
{
    /// <summary>Code of the language asked for.</summary>
    public string Target { get; } = LanguageIdentifier.Known(target);

    /// <summary>What is wrong with an output.</summary>
    /// <param name="output">what the model wrote, whole</param>
    /// <param name="source">what was to be translated; null if it is not known: then nothing is a copy, and some of the other kinds are found less well</param>
    public OffTaskKinds Detect(string output, string? source = null)
    {
        if (string.IsNullOrWhiteSpace(source)) source = null;
        if (!HasContent(output)) return source is null || HasContent(source) || output.Trim().Length == 0 ? OffTaskKinds.Empty : OffTaskKinds.None;
        var kinds = OffTaskKinds.None;
        if (RepetitionLoop.Is(output, source)) kinds |= OffTaskKinds.Repetition;
        if (Phrases.Refusals.Occur(output) && !Phrases.Refusals.Occur(source)) kinds |= OffTaskKinds.Refusal;
        if (WrongLanguage.Is(ExtraneousText.Core(output, source), source, Target)) kinds |= OffTaskKinds.WrongLanguage;
        // A copy of a source that is a right translation of itself, of names for instance, is in the right language.
        if (kinds.HasFlag(OffTaskKinds.WrongLanguage) && source is not null && SourceCopy.Is(output, source)) kinds |= OffTaskKinds.SourceCopied;
        return kinds | Extraneous(output, source, kinds);
    }

    /// <summary>A loop's further lines and a refusal's explanations are part of the loop and of the refusal.</summary>
    private static OffTaskKinds Extraneous(string output, string? source, OffTaskKinds found) =>
        (found & (OffTaskKinds.Repetition | OffTaskKinds.Refusal)) == 0 && (ExtraneousText.Is(output, source) || (source is not null && ExtraneousText.IsTooLong(output, source)))
            ? OffTaskKinds.Extraneous : OffTaskKinds.None;

    /// <summary>Whether there is a letter, a number or a symbol.</summary>
    private static bool HasContent(string text) => text.EnumerateRunes().Any(r => Rune.IsLetterOrDigit(r) || Rune.IsNumber(r) || Rune.IsSymbol(r));
}
