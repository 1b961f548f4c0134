namespace SaeNotebooks.Training.Corpus;

/// <summary>Which words go together: verbs and adjectives with the classes of nouns that they choose, places with their prepositions.</summary>
internal sealed class Selection(LexiconTables lexicon)
{
    /// <summary>Whether every clause makes sense.</summary>
    public bool Allows(Meaning meaning) => meaning.Clauses().All(Allows) && AllowsLink(meaning);

    /// <summary>Whether a clause makes sense, apart from the clauses inside it.</summary>
    public bool Allows(Clause clause) =>
        Subjects(clause.Subject).All(subject => AllowsSubject(clause.Predicate, subject))
        && AllowsComplements(clause.Predicate)
        && clause.Phrases().All(AllowsAdjective)
        && (clause.AnyPlace is not { } place || Allows(place))
        && (clause.Companion?.IsPerson ?? true)
        && AllowsTense(clause)
        && (clause.Time?.Fits(clause.Tense) ?? true);

    /// <summary>Reported speech stays in the present, where no language shifts its tenses; must not has no past or future.</summary>
    private static bool AllowsTense(Clause clause) =>
        clause.Tense == Tense.Present
        || (clause.Predicate is not Action { Said: not null } && !(clause.Negated && clause.Modal == Modal.Must));

    /// <summary>when with the future would need a subjunctive in Spanish.</summary>
    private static bool AllowsLink(Meaning meaning) =>
        meaning.Link is not { } link || link.Conjunction != Conjunction.When || (meaning.Main.Tense == link.Clause.Tense && link.Clause.Tense != Tense.Future);

    /// <summary>Whether a proper place can be the goal: go to Paris, live in Paris, but not walk into Paris.</summary>
    public static bool AllowsProperPlace(Verb verb) =>
        verb.Frame == VerbFrame.Motion && verb.English.Preposition is "to" or "in" && verb.Spanish.Preposition is "a" or "en" && verb.Frame == VerbFrame.Motion;

    private static IEnumerable<NounPhrase> Subjects(NounPhrase subject)
    {
        for (var part = subject; part is not null; part = part.And)
            yield return part;
    }

    private static bool AllowsSubject(Predicate predicate, NounPhrase subject) => predicate switch
    {
        Action action => action.Verb.Subjects.Allows(subject.Class),
        Quality quality => quality.Adjective.Classes.Allows(subject.Class) && (quality.Than is null || quality.Adjective.Classes.Allows(quality.Than.Class)),
        Has or Identity => subject.IsPerson,
        _ => subject.Class is not ("abstract" or "event" or "nature" or "body" or "place" or "building"),
    };

    private static bool AllowsComplements(Predicate predicate) => predicate switch
    {
        Action { Object: { Name: { Kind: "place" } name } } action => AllowsProperPlace(action.Verb)
            && (name.Features == "city" || action.Verb.French.Preposition is "à"),
        Action { Object: { } item } action => action.Verb.Objects.Allows(item.Class) && (action.Recipient?.IsPerson ?? true),
        Has has => has.Object.IsCommon && CanBeHad(has.Object.Class),
        Identity identity => identity.Role.IsPerson,
        _ => true,
    };

    /// <summary>What a person can have.</summary>
    public static bool CanBeHad(string nounClass) =>
        nounClass is "animal" or "food" or "drink" or "vehicle" or "tool" or "furniture" or "clothing" or "document" or "abstract";

    private static bool AllowsAdjective(NounPhrase phrase) => phrase.Adjective?.Classes.Allows(phrase.Class) ?? true;

    private bool Allows(PlacePhrase place) => place.Ground.Noun is not { } ground || lexicon.Prepositions(ground).Contains(place.Preposition);
}
