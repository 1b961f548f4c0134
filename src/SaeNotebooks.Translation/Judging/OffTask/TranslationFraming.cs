namespace SaeNotebooks.Translation.Judging.OffTask;

/// <summary>
/// Words that announce a translation, such as "Here is the translation:" or "译文：", at the beginning of an output. Wu et al. (2026) find that amplified latents make them
/// more frequent; they do not list the tokens that they count, so these are the preambles of <c>phrases.tsv</c>.
/// </summary>
public static class TranslationFraming
{
    /// <summary>Whether an output begins with such words, and its source, if it is known, does not.</summary>
    public static bool Is(string output, string? source = null) => Phrases.Preambles.Occur(output) && !Phrases.Preambles.Occur(source);

    /// <summary>The share of outputs that do.</summary>
    /// <param name="outputs">at least one</param>
    /// <param name="sources">one for each, or null if they are not known</param>
    public static double Rate(IReadOnlyList<string> outputs, IReadOnlyList<string>? sources) => outputs.Index().Count(o => Is(o.Item, sources?[o.Index])) / (double)outputs.Count;
}
