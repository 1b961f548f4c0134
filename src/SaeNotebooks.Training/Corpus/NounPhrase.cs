namespace SaeNotebooks.Training.Corpus;

/// <summary>
/// A noun phrase without language: a noun with determiner and modifiers, a name (<see cref="Name"/>), or a pronoun
/// (<see cref="IsPronoun"/>; its <see cref="Noun"/> is then the antecedent, null for a person).
/// </summary>
public sealed record NounPhrase
{
    /// <summary>The noun, or the antecedent of a pronoun for something that is not a person.</summary>
    public Noun? Noun { get; init; }

    /// <summary>A first name, a city or a country.</summary>
    public ClosedWord? Name { get; init; }

    /// <summary>I, we, he, she, it, they.</summary>
    public bool IsPronoun { get; init; }

    /// <summary>Whether it is the speaker: I or we.</summary>
    public bool IsSpeaker { get; init; }

    /// <summary>One or several.</summary>
    public Number Number { get; init; }

    /// <summary>Natural gender of a person; masculine as a placeholder for anything else.</summary>
    public Gender Gender { get; init; }

    /// <summary>What stands before a common noun.</summary>
    public Determiner Determiner { get; init; }

    /// <summary>Whose it is: a name, or a definite person; only with a definite determiner.</summary>
    public NounPhrase? Possessor { get; init; }

    /// <summary>One attributive adjective.</summary>
    public Adjective? Adjective { get; init; }

    /// <summary>One relative clause.</summary>
    public RelativeClause? Relative { get; init; }

    /// <summary>A second person joined by <em>and</em>; the whole is then plural. Subjects only.</summary>
    public NounPhrase? And { get; init; }

    /// <summary>Whether it is a common noun phrase.</summary>
    public bool IsCommon => Noun is not null && !IsPronoun;

    /// <summary>Whether it refers to persons.</summary>
    public bool IsPerson => Noun is null ? Name?.Kind != "place" : Noun.IsPerson;

    /// <summary>The semantic class that verbs and adjectives look at.</summary>
    public string Class => Noun?.Class ?? (Name?.Kind == "place" ? "place" : "person");

    /// <summary>The number that a verb agrees with.</summary>
    public Number Agreement => And is null ? Number : Number.Plural;

    /// <summary>A common noun phrase.</summary>
    public static NounPhrase Of(Noun noun, Determiner determiner = Determiner.Definite, Number number = Number.Singular, Gender gender = Gender.Masculine) =>
        new() { Noun = noun, Determiner = determiner, Number = number, Gender = noun.IsPerson && !noun.Genders.Contains(gender) ? noun.Genders[0] : gender };

    /// <summary>A name from the closed classes <c>name</c> or <c>place</c>.</summary>
    public static NounPhrase Named(ClosedWord name) =>
        new() { Name = name, Gender = name.Features == "f" ? Gender.Feminine : Gender.Masculine };

    /// <summary>I or we.</summary>
    public static NounPhrase Speaker(Number number, Gender gender = Gender.Masculine) =>
        new() { IsPronoun = true, IsSpeaker = true, Number = number, Gender = gender };

    /// <summary>he, she or they.</summary>
    public static NounPhrase Person(Gender gender, Number number = Number.Singular) =>
        new() { IsPronoun = true, Gender = gender, Number = number };

    /// <summary>The pronoun that refers back to this phrase.</summary>
    public NounPhrase Pronoun() => new()
    {
        IsPronoun = true,
        IsSpeaker = IsSpeaker,
        Noun = IsPerson ? null : Noun,
        Number = Agreement,
        Gender = And is { Gender: Gender.Masculine } ? Gender.Masculine : Gender,
    };

    /// <summary>The same referent mentioned again: definite, without its modifiers.</summary>
    public NounPhrase Again() =>
        !IsCommon ? this : this with { Determiner = Determiner.IsPossessive() ? Determiner : Determiner.Definite, Adjective = null, Relative = null, Possessor = null };
}

/// <summary>
/// A relative clause: in <see cref="Clause"/> the head is the subject, or the object if <see cref="HeadIsObject"/>; the phrase
/// that stands there is left out when it is realised.
/// </summary>
public sealed record RelativeClause(Clause Clause, bool HeadIsObject);
