using System.Text;
using System.Text.RegularExpressions;

namespace SaeNotebooks.Translation.Judging.OffTask;

/// <summary>
/// Whether a text is in another language than the one asked for. First the scripts are compared, then the languages of the script. Names, numbers
/// and addresses are the same in many languages, so what the source has too and writes like a name is no evidence; without evidence a text is not wrong.
/// </summary>
internal static partial class WrongLanguage
{
    /// <summary>The likelihood of the language below which it is ruled out, of texts with few and with many letters.</summary>
    private const double UnlikelyShort = 0.12, Unlikely = 0.25;

    /// <summary>The likelihood that another language must have in a text with few letters.</summary>
    private const double LikelyShort = 0.5;

    private const int FewLetters = 16, FewestLetters = 3;

    /// <summary>Whether the text is in another language.</summary>
    /// <param name="text">without what is not part of the translation</param>
    /// <param name="source">the source, if it is known</param>
    /// <param name="target">code of the language</param>
    public static bool Is(string text, string? source, string target)
    {
        var words = Evidence(text, source, target);
        if (words.Sum(w => w.EnumerateRunes().Count(Rune.IsLetter)) is var letters && letters == 0) return false;
        var scripts = Scripts.Count(words);
        if (LanguageIdentifier.ScriptsOf(target).Sum(s => scripts.GetValueOrDefault(s)) < 0.5 * scripts.Values.Sum()) return letters >= FewestLetters || !words.All(IsLatin);
        if (letters < FewestLetters && words.All(IsLatin)) return false;
        var likelihoods = LanguageIdentifier.Shared.Likelihoods(string.Join(' ', words));
        var (likelihood, best) = (likelihoods.GetValueOrDefault(target), likelihoods.Values.DefaultIfEmpty().Max());
        return letters < FewLetters && words.All(IsLatin) ? likelihood < UnlikelyShort && best > LikelyShort : likelihood < Unlikely && best > 2 * likelihood;
    }

    private static List<string> Evidence(string text, string? source, string target)
    {
        var words = Tokens.Of(Address().Replace(text, " ")).Where(w => Rune.IsLetter(Rune.GetRuneAt(w, 0)) && !Drawn().IsMatch(w)).ToList();
        if (source is null) return words;
        var known = Tokens.Of(source).ToHashSet();
        var own = words.Where(w => !known.Contains(w)).ToList();
        // Terms that a text in another script keeps from its source say nothing against it; if there is nothing else, it is a copy.
        var scripts = LanguageIdentifier.ScriptsOf(target);
        if (!scripts.Contains(Script.Latin) && own.Any(w => scripts.Contains(Scripts.Of(Rune.GetRuneAt(w, 0))))) return own;
        return [.. words.Where(w => !known.Contains(w) || !IsWrittenLikeName(w))];
    }

    private static bool IsWrittenLikeName(string word) => word.EnumerateRunes().Any(Rune.IsUpper);

    private static bool IsLatin(string word) => Scripts.Of(Rune.GetRuneAt(word, 0)) == Script.Latin;

    [GeneratedRegex(@"(?:https?://|www\.)\S+|\S+@\S+\.\S+")]
    private static partial Regex Address();

    /// <summary>A word with a letter that goes on and on is of no language.</summary>
    [GeneratedRegex(@"(\p{L})\1{4}", RegexOptions.IgnoreCase)]
    private static partial Regex Drawn();
}
