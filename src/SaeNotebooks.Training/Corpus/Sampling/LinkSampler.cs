namespace SaeNotebooks.Training.Corpus;

/// <summary>Joins a second clause to a first, mostly about the same subject.</summary>
internal sealed class LinkSampler(WordSampler words)
{
    /// <summary>The joined sentence, or null if the two clauses do not join well.</summary>
    public Meaning? Draw(Rng rng, Clause first, Func<Clause> another)
    {
        if (first.Predicate is Exists || first.Subject.Determiner is Determiner.Indefinite && first.Subject.IsCommon || first.Frequency is not null)
            return null;
        return rng.Next(10) switch
        {
            < 2 => State(rng, first, Conjunction.Because),
            2 => State(rng, first, Conjunction.Although),
            < 5 => Same(rng, first, another(), Conjunction.And),
            5 => Same(rng, first, another(), Conjunction.But),
            6 => Same(rng, first, another(), Conjunction.When),
            7 => Same(rng, first, another(), Conjunction.Before),
            8 => Same(rng, first, another(), Conjunction.After),
            _ => Contrast(first, another()),
        };
    }

    /// <summary>… because she is tired</summary>
    private Meaning? State(Rng rng, Clause first, Conjunction conjunction)
    {
        if (first.Predicate is not (Action or Located) || first.Subject.Class is not ("person" or "animal"))
            return null;
        var type = first.Subject.Class;
        var adjective = words.Adjectives("state of " + type, item => item.Classes.Names(type) && words.Lexicon.IsState(item)).Draw(rng);
        var second = new Clause { Subject = first.Subject.Pronoun(), Predicate = new Quality(adjective), Tense = first.Tense };
        return new Meaning(first, Link: new Link(conjunction, second, SameSubject: true, First: conjunction == Conjunction.Although && rng.Chance(0.4)));
    }

    private static Meaning? Same(Rng rng, Clause first, Clause second, Conjunction conjunction)
    {
        if (first.Predicate is not Action || second is not { Predicate: Action { Said: null } action, Frequency: null, Modal: null })
            return null;
        var infinitive = conjunction is Conjunction.Before or Conjunction.After;
        if (!action.Verb.Subjects.Allows(first.Subject.Class) || (infinitive && (second.Negated || first.Negated || first.Modal is not null)))
            return null;
        var shared = second with
        {
            Subject = first.Subject.Pronoun(),
            Tense = first.Tense,
            Negated = conjunction == Conjunction.But ? !first.Negated : second.Negated && conjunction != Conjunction.And,
            Companion = null,
        };
        var front = conjunction is Conjunction.When or Conjunction.Before or Conjunction.After && rng.Chance(0.35);
        return new Meaning(first, Link: new Link(conjunction, shared, SameSubject: true, First: front));
    }

    private static Meaning? Contrast(Clause first, Clause second)
    {
        if (first.Predicate is not Action || second.Predicate is not Action || second.Subject.IsPronoun || second.Subject.Determiner == Determiner.Indefinite)
            return null;
        return new Meaning(first, Link: new Link(Conjunction.But, second with { Frequency = null }, SameSubject: false));
    }
}
