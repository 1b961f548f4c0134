namespace SaeNotebooks.Training.Corpus;

/// <summary>What else a noun phrase or a predicate could be, going by the forms of its words in one language.</summary>
internal sealed class Variants(LexiconTables lexicon)
{
    private static readonly Gender[] NaturalGenders = [Gender.Masculine, Gender.Feminine];
    private static readonly Number[] Numbers = [Number.Singular, Number.Plural];
    private readonly Homonyms homonyms = new(lexicon);

    /// <summary>One noun for every class and every combination of genders: the antecedents that a pronoun can tell apart.</summary>
    private readonly IReadOnlyList<Noun> antecedents =
    [
        .. lexicon.Nouns.Where(noun => !noun.IsPerson && !noun.IsMass)
            .DistinctBy(noun => (noun.Class, noun.French.Groups[0].Gender, noun.German.Groups[0].Gender, noun.Spanish.Groups[0].Gender)),
    ];

    /// <summary>Other phrases that may have the same form; what they agree with decides.</summary>
    public IEnumerable<Func<NounPhrase, NounPhrase>> Of(NounPhrase phrase, Realiser source, Language language) =>
        phrase.Name is not null ? [] : phrase.IsPronoun ? Pronouns(phrase) : Common(phrase, source, language);

    /// <summary>Other senses of the verb or the predicate adjective.</summary>
    public IEnumerable<Func<Predicate, Predicate>> Of(Predicate predicate, Language language) => predicate switch
    {
        Action action => homonyms.Of(action.Verb, language).Skip(1).Select(verb => (Func<Predicate, Predicate>)(item => (Action)item with { Verb = verb })),
        Quality quality => homonyms.Of(quality.Adjective, language).Skip(1)
            .Select(adjective => (Func<Predicate, Predicate>)(item => (Quality)item with { Adjective = adjective })),
        _ => [],
    };

    private IEnumerable<Func<NounPhrase, NounPhrase>> Pronouns(NounPhrase phrase)
    {
        foreach (var gender in NaturalGenders)
            yield return item => item with { Gender = gender, Noun = null };
        if (phrase.IsSpeaker)
            yield break;
        foreach (var antecedent in antecedents)
            yield return item => item with { Gender = Gender.Masculine, Noun = antecedent };
    }

    private IEnumerable<Func<NounPhrase, NounPhrase>> Common(NounPhrase phrase, Realiser source, Language language)
    {
        IEnumerable<Adjective?> adjectives = phrase.Adjective is null ? new Adjective?[] { null } : homonyms.Of(phrase.Adjective, language).Cast<Adjective?>();
        return from noun in homonyms.Of(phrase.Noun!, language)
               from number in NumbersOf(noun, phrase)
               from determiner in source.Alike(phrase.Determiner)
               where determiner == Determiner.Definite || phrase.Possessor is null
               from gender in noun.Genders
               from adjective in adjectives
               where noun != phrase.Noun || number != phrase.Number || determiner != phrase.Determiner || gender != phrase.Gender || adjective != phrase.Adjective
               select (Func<NounPhrase, NounPhrase>)(item =>
                   item with { Noun = noun, Number = number, Determiner = determiner, Gender = gender, Adjective = adjective });
    }

    private static Number[] NumbersOf(Noun noun, NounPhrase phrase) =>
        noun.IsMass ? [Number.Singular] : phrase.Determiner.NeedsPlural() ? [Number.Plural] : Numbers;
}
