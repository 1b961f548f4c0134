namespace SaeNotebooks.Training.Corpus;

/// <summary>
/// Rewrites every noun phrase or clause of a meaning in a fixed order, and keeps what hangs together in step: the gap of a
/// relative clause with its head, and a shared subject with the main clause's.
/// </summary>
internal sealed class MeaningMap(Func<NounPhrase, NounPhrase> phrases, Func<Clause, Clause> clauses)
{
    /// <summary>A copy with every noun phrase and every clause rewritten; shared subjects are not visited.</summary>
    public Meaning Apply(Meaning meaning)
    {
        var main = Apply(meaning.Main);
        if (meaning.Link is not { } link)
            return meaning with { Main = main };
        var shared = link.SameSubject ? main.Subject.Pronoun() : null;
        return meaning with { Main = main, Link = link with { Clause = Apply(link.Clause, sharedSubject: shared) } };
    }

    private Clause Apply(Clause clause, NounPhrase? sharedSubject = null, NounPhrase? sharedObject = null)
    {
        var mapped = clauses(clause);
        return mapped with
        {
            Subject = sharedSubject ?? Apply(mapped.Subject),
            Predicate = Apply(mapped.Predicate, sharedObject),
            Place = Apply(mapped.Place),
            Companion = Apply(mapped.Companion, optional: true),
        };
    }

    private Predicate Apply(Predicate predicate, NounPhrase? sharedObject) => predicate switch
    {
        Action action => action with
        {
            Object = sharedObject ?? Apply(action.Object, optional: true),
            Recipient = Apply(action.Recipient, optional: true),
            Said = action.Said is null ? null : Apply(action.Said),
        },
        Quality quality => quality with { Than = Apply(quality.Than, optional: true) },
        Located located => new Located(Apply(located.Place)!),
        Exists exists => new Exists(Apply(exists.Place)!),
        Has has => new Has(sharedObject ?? Apply(has.Object)),
        Identity identity => new Identity(Apply(identity.Role)),
        _ => predicate,
    };

    private PlacePhrase? Apply(PlacePhrase? place) => place is null ? null : place with { Ground = Apply(place.Ground) };

    private NounPhrase? Apply(NounPhrase? phrase, bool optional) => optional && phrase is null ? null : Apply(phrase!);

    private NounPhrase Apply(NounPhrase phrase)
    {
        var mapped = phrases(phrase);
        if (mapped.Possessor is { } possessor)
            mapped = mapped with { Possessor = Apply(possessor) };
        if (mapped.And is { } second)
            mapped = mapped with { And = Apply(second) };
        if (mapped.Relative is not { } relative)
            return mapped;
        var head = mapped with { Relative = null, And = null };
        return mapped with
        {
            Relative = relative with { Clause = relative.HeadIsObject ? Apply(relative.Clause, sharedObject: head) : Apply(relative.Clause, sharedSubject: head) },
        };
    }
}
