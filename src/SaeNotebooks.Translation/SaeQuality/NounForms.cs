using System.Text.RegularExpressions;
using SaeNotebooks.Tokenization;
using SaeNotebooks.Training.Corpus;

namespace SaeNotebooks.Translation.SaeQuality;

/// <summary>Finds the nouns of given meanings in their realisations: the concept labels of tokens.</summary>
internal sealed partial class NounForms
{
    private readonly IReadOnlyList<Noun> _nouns;

    private NounForms(IReadOnlyList<Noun> nouns) => _nouns = nouns;

    /// <summary>The nouns that the meanings use, so that a word with several senses gets the right one.</summary>
    public static NounForms Of(IEnumerable<Meaning> meanings) =>
        new([.. meanings.SelectMany(m => m.Clauses()).SelectMany(c => c.Phrases()).Where(p => p.IsCommon).Select(p => p.Noun).OfType<Noun>().Distinct()]);

    /// <summary>The last token of every word, with the noun whose form ends there.</summary>
    public IEnumerable<(int Token, string? Concept)> WordEnds(string text, Language language, IReadOnlyList<TokenSpan> tokens)
    {
        var ends = Concepts(text, language);
        var last = tokens.Index().GroupBy(t => t.Item.End).ToDictionary(g => g.Key, g => g.Last().Index);
        return from word in Word().Matches(text)
               let end = word.Index + word.Length
               where last.ContainsKey(end)
               select (last[end], ends.GetValueOrDefault(end));
    }

    /// <summary>Noun ids by the index at which one of their forms ends.</summary>
    private Dictionary<int, string> Concepts(string text, Language language)
    {
        var found = new Dictionary<int, (string Id, int Length)>();
        foreach (var noun in _nouns)
            foreach (var form in Forms(noun, language))
                foreach (var match in Regex.Matches(text, $@"(?<!\p{{L}}){Regex.Escape(form)}(?!\p{{L}})", RegexOptions.IgnoreCase).Cast<Match>())
                {
                    var end = match.Index + match.Length;
                    if (found.GetValueOrDefault(end).Length < form.Length) found[end] = (noun.Id, form.Length); // the longest form is the noun meant
                }
        return found.ToDictionary(f => f.Key, f => f.Value.Id);
    }

    private static IEnumerable<string> Forms(Noun noun, Language language) => language switch
    {
        Language.English => Of(noun.English),
        Language.French => noun.French.Groups.SelectMany(Of),
        Language.German => noun.German.Groups.SelectMany(Of),
        Language.Spanish => noun.Spanish.Groups.SelectMany(Of),
        _ => [noun.Vietnamese.Word],
    };

    private static IEnumerable<string> Of(NounForm form) => new[] { form.Singular, form.Plural, form.Weak }.OfType<string>().Distinct();

    [GeneratedRegex(@"\p{L}+")]
    private static partial Regex Word();
}
