namespace SaeNotebooks.Training.Corpus;

/// <summary>Hangs relative clauses on subjects and objects.</summary>
internal sealed class RelativeSampler(WordSampler words, PhraseSampler phrases)
{
    private const double Share = 0.16;

    /// <summary>The clause, in some cases with a relative clause on its subject or its object.</summary>
    public Clause Attach(Rng rng, Clause clause)
    {
        if (!rng.Chance(Share))
            return clause;
        if (clause is { Subject: { IsCommon: true, And: null }, Predicate: not (Exists or Quality { Than: not null }) } && rng.Chance(0.5))
            return clause with { Subject = WithRelative(rng, clause.Subject, clause) };
        if (!clause.Negated && clause.Predicate is Action { Object: { IsCommon: true } item, Recipient: null, Verb.Frame: VerbFrame.Transitive } action)
            return clause with { Predicate = action with { Object = WithRelative(rng, item, clause) } };
        return clause;
    }

    private NounPhrase WithRelative(Rng rng, NounPhrase head, Clause clause)
    {
        if (head.Determiner is not (Determiner.Definite or Determiner.Indefinite or Determiner.All))
            return head;
        var plain = head with { Adjective = null, Possessor = null };
        var body = plain.Class is "person" or "animal" && rng.Chance(0.6) ? AsSubject(rng, plain) : AsObject(rng, plain);
        return body is null || Repeats(body, clause) ? head : plain with { Relative = body with { Clause = body.Clause with { Tense = clause.Tense } } };
    }

    /// <summary>The same verb twice, or two places at once.</summary>
    private static bool Repeats(RelativeClause relative, Clause clause) => (relative.Clause.Predicate, clause.Predicate) switch
    {
        (Action inner, Action outer) => inner.Verb == outer.Verb,
        (Located, Located) => true,
        _ => false,
    };

    private RelativeClause AsSubject(Rng rng, NounPhrase head)
    {
        if (rng.Chance(0.25))
            return new RelativeClause(new Clause { Subject = head, Predicate = new Located(phrases.Place(rng)) }, HeadIsObject: false);
        var verb = words.Verbs("relative " + head.Class, item => item.Subjects.Allows(head.Class)
            && item.Frame is VerbFrame.Intransitive or VerbFrame.Transitive && item.Subjects.Allows(head.Class)).Draw(rng);
        var predicate = new Action(verb, verb.Frame == VerbFrame.Transitive ? phrases.Object(rng, words.Objects(verb).Draw(rng)) with { Adjective = null, Possessor = null } : null);
        return new RelativeClause(new Clause { Subject = head, Predicate = predicate }, HeadIsObject: false);
    }

    private RelativeClause? AsObject(Rng rng, NounPhrase head)
    {
        var verbs = words.Verbs("relative object " + head.Class, item => item.HasDirectObject && item.Objects.Allows(head.Class) && item.Subjects.Allows("person"));
        if (verbs.IsEmpty)
            return null;
        var verb = verbs.Draw(rng);
        var subject = phrases.Subject(rng, words.Nouns("persons", noun => noun.IsPerson), persons: true) with { Adjective = null };
        return new RelativeClause(new Clause { Subject = subject, Predicate = new Action(verb, head) }, HeadIsObject: true);
    }
}
