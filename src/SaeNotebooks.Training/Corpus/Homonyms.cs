namespace SaeNotebooks.Training.Corpus;

/// <summary>Senses that share a written form in a language.</summary>
internal sealed class Homonyms
{
    private readonly ILookup<(Language, string), Noun> nouns;
    private readonly ILookup<(Language, string), Verb> verbs;
    private readonly ILookup<(Language, string), Adjective> adjectives;

    public Homonyms(LexiconTables lexicon)
    {
        nouns = Index(lexicon.Nouns, Forms);
        verbs = Index(lexicon.Verbs, Forms);
        adjectives = Index(lexicon.Adjectives, Forms);
    }

    /// <summary>Every sense that shares a form with this one, itself first.</summary>
    public IReadOnlyList<Noun> Of(Noun noun, Language language) => Sharing(noun, language, Forms, nouns);

    /// <summary>Every sense with the same frame that shares a form with this one, itself first.</summary>
    public IReadOnlyList<Verb> Of(Verb verb, Language language) =>
        [.. Sharing(verb, language, Forms, verbs).Where(other => other.Frame == verb.Frame)];

    /// <summary>Every sense that shares a form with this one, itself first.</summary>
    public IReadOnlyList<Adjective> Of(Adjective adjective, Language language) => Sharing(adjective, language, Forms, adjectives);

    /// <summary>Tells every word of a lexicon its group.</summary>
    public static void Group(LexiconTables lexicon)
    {
        foreach (var (noun, first) in Grouped(lexicon.Nouns, Forms)) noun.Group = first.Id;
        foreach (var (verb, first) in Grouped(lexicon.Verbs, Forms)) verb.Group = first.Id;
        foreach (var (adjective, first) in Grouped(lexicon.Adjectives, Forms)) adjective.Group = first.Id;
    }

    /// <summary>Each item with the first one that it is connected to by shared forms.</summary>
    private static IEnumerable<(T Item, T First)> Grouped<T>(IReadOnlyList<T> items, Func<T, Language, IEnumerable<string>> forms) where T : class
    {
        var index = Index(items, forms);
        var grouped = new HashSet<T>();
        foreach (var first in items)
        {
            var pending = new Stack<T>([first]);
            while (pending.TryPop(out var item))
            {
                if (!grouped.Add(item)) continue;
                yield return (item, first);
                foreach (var other in Languages.All.SelectMany(language => Sharing(item, language, forms, index))) pending.Push(other);
            }
        }
    }

    private static ILookup<(Language, string), T> Index<T>(IEnumerable<T> items, Func<T, Language, IEnumerable<string>> forms) =>
        items.SelectMany(item => Languages.All.SelectMany(language => forms(item, language).Distinct().Select(form => ((language, form), item))))
            .ToLookup(pair => pair.Item1, pair => pair.item);

    private static IReadOnlyList<T> Sharing<T>(T item, Language language, Func<T, Language, IEnumerable<string>> forms, ILookup<(Language, string), T> index) =>
        [.. forms(item, language).SelectMany(form => index[(language, form)]).Prepend(item).Distinct()];

    private static IEnumerable<string> Forms(Noun noun, Language language) => language switch
    {
        Language.English => Forms([noun.English]),
        Language.French => Forms(noun.French.Groups),
        Language.German => Forms(noun.German.Groups),
        Language.Spanish => Forms(noun.Spanish.Groups),
        _ => [noun.Vietnamese.Word],
    };

    private static IEnumerable<string> Forms(IEnumerable<NounForm> groups) =>
        groups.SelectMany(form => new[] { form.Singular, form.Plural }).OfType<string>();

    private static IEnumerable<string> Forms(Verb verb, Language language) => language switch
    {
        Language.English => [verb.English.Base, verb.English.Past],
        Language.French => [verb.French.Infinitive, verb.French.Participle, .. verb.French.Present],
        Language.German => [verb.German.Infinitive, verb.German.Participle, .. verb.German.Present],
        Language.Spanish => [verb.Spanish.Infinitive, .. verb.Spanish.Present, .. verb.Spanish.Preterite],
        _ => [verb.Vietnamese.Word, (verb.Vietnamese.Word + " " + verb.Vietnamese.Preposition).Trim()],
    };

    private static IEnumerable<string> Forms(Adjective adjective, Language language) => language switch
    {
        Language.English => [adjective.English.Positive],
        Language.French => adjective.French.Forms,
        Language.German => [adjective.German.Positive],
        Language.Spanish => adjective.Spanish.Forms,
        _ => [adjective.Vietnamese],
    };
}
