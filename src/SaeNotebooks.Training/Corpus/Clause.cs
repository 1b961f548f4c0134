namespace SaeNotebooks.Training.Corpus;

/// <summary>A clause without language.</summary>
public sealed record Clause
{
    /// <summary>The subject; of <see cref="Exists"/>, what exists.</summary>
    public required NounPhrase Subject { get; init; }

    /// <summary>What is said of it.</summary>
    public required Predicate Predicate { get; init; }

    /// <summary>When it holds.</summary>
    public Tense Tense { get; init; }

    /// <summary>Whether it is denied.</summary>
    public bool Negated { get; init; }

    /// <summary>A modal that governs the verb.</summary>
    public Modal? Modal { get; init; }

    /// <summary>How often; never together with <see cref="Negated"/>.</summary>
    public Frequency? Frequency { get; init; }

    /// <summary>A time expression, bound to certain tenses.</summary>
    public ClosedWord? Time { get; init; }

    /// <summary>Whether the time opens the clause.</summary>
    public bool TimeFirst { get; init; }

    /// <summary>Where it happens.</summary>
    public PlacePhrase? Place { get; init; }

    /// <summary>With whom.</summary>
    public NounPhrase? Companion { get; init; }

    /// <summary>The place that the clause names, as an adjunct or as a complement.</summary>
    public PlacePhrase? AnyPlace => Place ?? (Predicate as Located)?.Place ?? (Predicate as Exists)?.Place;
}

/// <summary>Ground with a preposition: under the table.</summary>
public sealed record PlacePhrase(Preposition Preposition, NounPhrase Ground);

/// <summary>What is said of a subject.</summary>
public abstract record Predicate;

/// <summary>A verb with its complements; which of them are present follows from the verb's frame.</summary>
public sealed record Action(Verb Verb, NounPhrase? Object = null, NounPhrase? Recipient = null, Clause? Said = null) : Predicate;

/// <summary>To be big, or bigger than something.</summary>
public sealed record Quality(Adjective Adjective, NounPhrase? Than = null) : Predicate;

/// <summary>To be somewhere.</summary>
public sealed record Located(PlacePhrase Place) : Predicate;

/// <summary>There is; the clause's subject is what there is.</summary>
public sealed record Exists(PlacePhrase Place) : Predicate;

/// <summary>To have something.</summary>
public sealed record Has(NounPhrase Object) : Predicate;

/// <summary>To be someone: my friend, a good teacher.</summary>
public sealed record Identity(NounPhrase Role) : Predicate;
