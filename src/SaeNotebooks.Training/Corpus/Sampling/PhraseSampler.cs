namespace SaeNotebooks.Training.Corpus;

/// <summary>Draws noun phrases and places around nouns.</summary>
internal sealed class PhraseSampler(WordSampler words)
{
    private static readonly Gender[] Genders = [Gender.Masculine, Gender.Feminine];
    private static readonly Weighted<Determiner> OfSubjects = Determiners(50, 12, 5, 3, 5, 4, 4, 3, 2, 2, 2, 1, 1, 2, 2);
    private static readonly Weighted<Determiner> OfObjects = Determiners(36, 34, 4, 3, 4, 4, 4, 2, 2, 3, 2, 1, 1, 3, 1);
    private static readonly Weighted<Determiner> OfGrounds = Determiners(84, 4, 1, 1, 2, 2, 2, 2, 1, 0, 0, 0, 0, 0, 0);
    private readonly HashSet<string> unique = Ids(words, "unique");
    private readonly HashSet<string> single = Ids(words, "single");
    private readonly HashSet<string> ownable = Ids(words, "ownable");
    private readonly HashSet<string> beastly = Ids(words, "beastly");
    private readonly IReadOnlyList<ClosedWord> names = words.Lexicon.Closed("name");
    private readonly IReadOnlyList<ClosedWord> places = words.Lexicon.Closed("place");

    /// <summary>A subject: a pronoun, a name, or a common noun from the list.</summary>
    public NounPhrase Subject(Rng rng, Weighted<Noun> nouns, bool persons)
    {
        var kind = rng.NextDouble();
        if (persons && kind < 0.2)
            return Pronoun(rng);
        if (persons && kind < 0.42)
            return Name(rng);
        return Common(rng, nouns.Draw(rng), OfSubjects);
    }

    public NounPhrase Object(Rng rng, Noun noun) => Common(rng, noun, OfObjects);

    /// <summary>A person as object, recipient or company: sometimes a name.</summary>
    public NounPhrase Person(Rng rng) =>
        rng.Chance(0.3) ? Name(rng) : Common(rng, words.Nouns("persons", noun => noun.IsPerson).Draw(rng), OfGrounds);

    public NounPhrase Name(Rng rng) => NounPhrase.Named(rng.Pick(names));

    /// <summary>A name of that gender.</summary>
    public NounPhrase Name(Rng rng, Gender gender)
    {
        var name = Name(rng);
        return name.Gender == gender ? name : Name(rng, gender);
    }

    /// <summary>Whether it makes sense with my or your: my neighbor, but not my tourist.</summary>
    public bool CanBeOwned(Noun noun) => ownable.Contains(noun.Id);

    public NounPhrase ProperPlace(Rng rng, bool citiesOnly)
    {
        var place = rng.Pick(places);
        return citiesOnly && place.Features != "city" ? ProperPlace(rng, citiesOnly) : NounPhrase.Named(place);
    }

    /// <summary>Where something happens: at a place or a building.</summary>
    public PlacePhrase Scene(Rng rng)
    {
        var noun = words.Nouns("scenes", item => item.Class is ("place" or "building") && words.Lexicon.Prepositions(item).Count > 0).Draw(rng);
        return new PlacePhrase(rng.Chance(0.85) ? words.Lexicon.Prepositions(noun)[0] : rng.Pick(words.Lexicon.Prepositions(noun)), Ground(rng, noun));
    }

    /// <summary>Somewhere to be: a ground with a preposition that makes sense; things can also be in containers.</summary>
    public PlacePhrase Place(Rng rng, bool forThings = false)
    {
        var key = forThings ? "grounds of things" : "grounds";
        var noun = words.Nouns(key, item => words.Lexicon.Prepositions(item).Count > 0 && (forThings ? IsThingsGround(item) : item.Class != "container" && words.Lexicon.Prepositions(item)[0] != Preposition.In)).Draw(rng);
        var prepositions = words.Lexicon.Prepositions(noun);
        var preposition = prepositions.Count == 1 || rng.Chance(0.6) ? prepositions[0] : rng.Pick(prepositions);
        return new PlacePhrase(preposition, Ground(rng, noun));
    }

    public NounPhrase Ground(Rng rng, Noun noun) => Common(rng, noun, OfGrounds);

    /// <summary>The same phrase with an attributive adjective, if its noun has any.</summary>
    public NounPhrase Describe(Rng rng, NounPhrase phrase)
    {
        var adjectives = words.Adjectives(phrase.Noun!);
        return adjectives.IsEmpty ? phrase : phrase with { Adjective = adjectives.Draw(rng) };
    }

    private NounPhrase Common(Rng rng, Noun noun, Weighted<Determiner> determiners)
    {
        var determiner = DeterminerFor(rng, noun, determiners);
        var number = NumberFor(rng, noun, determiner, determiners);
        var phrase = NounPhrase.Of(noun, determiner, number, GenderFor(rng, number));
        if (rng.Chance(determiners == OfGrounds ? 0.15 : 0.36) && !unique.Contains(noun.Id))
            phrase = Describe(rng, phrase);
        if (determiner == Determiner.Definite && noun.Class is ("clothing" or "document" or "vehicle") && rng.Chance(0.2))
            phrase = phrase with { Possessor = Owner(rng) };
        return phrase;
    }

    /// <summary>Only some persons and places can be somebody's; relatives and parts of the body nearly always are.</summary>
    private Determiner DeterminerFor(Rng rng, Noun noun, Weighted<Determiner> determiners)
    {
        var determiner = unique.Contains(noun.Id) ? Determiner.Definite : determiners.Draw(rng);
        if (noun.IsMass && determiner.NeedsPlural())
            return Determiner.Definite;
        if (determiner.IsPossessive() && noun.Class is ("person" or "place" or "building" or "plant" or "nature"))
            return !ownable.Contains(noun.Id) ? Determiner.Definite : OneOwner(noun, determiner);
        if (beastly.Contains(noun.Id) && determiner.IsPossessive())
            return Determiner.Definite;
        var isRelative = noun.IsPerson && ownable.Contains(noun.Id);
        return determiner < Determiner.My && ((noun.Class == "body" && !beastly.Contains(noun.Id)) || (isRelative && rng.Chance(0.85))) ? OneOwner(noun, (Determiner)((int)Determiner.My + rng.Next(5))) : determiner;
    }

    /// <summary>A person of whom one has one does not belong to several.</summary>
    private Determiner OneOwner(Noun noun, Determiner owner) =>
        single.Contains(noun.Id) && owner is (Determiner.Our or Determiner.Their) ? Determiner.My : owner;

    private Number NumberFor(Rng rng, Noun noun, Determiner determiner, Weighted<Determiner> determiners)
    {
        if (noun.IsMass || unique.Contains(noun.Id) || (determiner.IsPossessive() && single.Contains(noun.Id)))
            return Number.Singular;
        if (determiner.NeedsPlural())
            return Number.Plural;
        var share = determiner == Determiner.Indefinite ? (determiners == OfObjects ? 0.35 : 0) : determiners == OfGrounds ? 0.05 : 0.18;
        return rng.Chance(share) ? Number.Plural : Number.Singular;
    }

    /// <summary>A group is feminine only if every one in it is.</summary>
    private static Gender GenderFor(Rng rng, Number number) => rng.Chance(number == Number.Plural ? 0.25 : 0.5) ? Gender.Feminine : Gender.Masculine;

    private NounPhrase Owner(Rng rng) => rng.Chance(0.55)
        ? Name(rng) : NounPhrase.Of(words.Nouns("persons", noun => noun.IsPerson).Draw(rng), gender: rng.Pick(Genders));

    private static NounPhrase Pronoun(Rng rng) => rng.Next(8) switch
    {
        0 or 1 => NounPhrase.Speaker(Number.Singular, rng.Pick(Genders)),
        2 => NounPhrase.Speaker(Number.Plural, rng.Pick(Genders)),
        3 => NounPhrase.Person(GenderFor(rng, Number.Plural), Number.Plural),
        _ => NounPhrase.Person(rng.Pick(Genders)),
    };

    /// <summary>Weights in the order of <see cref="Determiner"/>.</summary>
    private static Weighted<Determiner> Determiners(params double[] weights) =>
        new(Enum.GetValues<Determiner>(), determiner => weights[(int)determiner]);

    private static HashSet<string> Ids(WordSampler words, string kind) => [.. words.Lexicon.Closed(kind).Select(word => word.Id)];

    private bool IsThingsGround(Noun noun) =>
        noun.Class == "container" || (noun.Class == "furniture" && words.Lexicon.Prepositions(noun)[0] is Preposition.On or Preposition.In);
}
