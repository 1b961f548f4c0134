namespace SaeNotebooks.Training.Corpus;

/// <summary>
/// What a sentence means, without language. <see cref="TenseMarked"/> is the one choice of expression that it carries: whether
/// Vietnamese marks past and future where a time expression would do.
/// </summary>
public sealed record Meaning(Clause Main, Mood Mood = Mood.Statement, Link? Link = null, bool TenseMarked = true)
{
    /// <summary>Lemmas and frames of the whole sentence: what is held out together.</summary>
    public string Signature => SignatureWriter.Write(this);

    /// <summary>Every clause: main, linked, reported and relative.</summary>
    public IEnumerable<Clause> Clauses() => Clauses(Main).Concat(Link is null ? [] : Clauses(Link.Clause));

    private static IEnumerable<Clause> Clauses(Clause clause)
    {
        yield return clause;
        foreach (var phrase in clause.Phrases())
            if (phrase.Relative is { } relative)
                foreach (var inner in Clauses(relative.Clause))
                    yield return inner;
        if (clause.Predicate is Action { Said: { } said })
            foreach (var inner in Clauses(said))
                yield return inner;
    }
}

/// <summary>
/// A second clause. With <see cref="SameSubject"/> its subject is the main clause's: left out after and, but, before and after,
/// a pronoun elsewhere; <see cref="Clause.Subject"/> then holds that pronoun.
/// </summary>
public sealed record Link(Conjunction Conjunction, Clause Clause, bool SameSubject, bool First = false)
{
    /// <summary>Whether the subject is left out: she eats and drinks.</summary>
    public bool DropsSubject => SameSubject && Conjunction is (Conjunction.And or Conjunction.But);

    /// <summary>Whether most languages use an infinitive: before eating.</summary>
    public bool IsInfinitive => Conjunction is Conjunction.Before or Conjunction.After;
}
