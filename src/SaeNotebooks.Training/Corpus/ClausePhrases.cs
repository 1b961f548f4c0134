namespace SaeNotebooks.Training.Corpus;

/// <summary>Reads and rewrites the noun phrases of a clause, in one fixed order.</summary>
public static class ClausePhrases
{
    /// <summary>The noun phrases of a clause with their possessors and conjuncts, but not those inside of relative or reported clauses.</summary>
    public static IEnumerable<NounPhrase> Phrases(this Clause clause)
    {
        foreach (var phrase in Slots(clause))
            for (var part = phrase; part is not null; part = part.And)
            {
                yield return part;
                if (part.Possessor is not null)
                    yield return part.Possessor;
            }
    }

    private static IEnumerable<NounPhrase> Slots(Clause clause)
    {
        yield return clause.Subject;
        foreach (var phrase in clause.Predicate.Complements())
            yield return phrase;
        if (clause.Place is not null)
            yield return clause.Place.Ground;
        if (clause.Companion is not null)
            yield return clause.Companion;
    }

    /// <summary>The noun phrases that a predicate takes.</summary>
    public static IEnumerable<NounPhrase> Complements(this Predicate predicate) => predicate switch
    {
        Action action => new[] { action.Object, action.Recipient }.OfType<NounPhrase>(),
        Quality { Than: { } than } => [than],
        Located located => [located.Place.Ground],
        Exists exists => [exists.Place.Ground],
        Has has => [has.Object],
        Identity identity => [identity.Role],
        _ => [],
    };
}
