namespace SaeNotebooks.Training.Corpus;

/// <summary>Draws noun phrases and places around nouns.</summary>
internal sealed class PhraseSampler(WordSampler words)
{
    private static readonly Gender[] Genders = [Gender.Masculine, Gender.Feminine];
    private static readonly Weighted<Determiner> OfSubjects = Determiners(50, 12, 5, 3, 5, 4, 4, 3, 2, 2, 2, 1, 1, 2, 2);
    private static readonly Weighted<Determiner> OfObjects = Determiners(36, 34, 4, 3, 4, 4, 4, 2, 2, 3, 2, 1, 1, 3, 1);
    private static readonly Weighted<Determiner> OfGrounds = Determiners(84, 4, 1, 1, 2, 2, 2, 2, 1, 0, 0, 0, 0, 0, 0);
    private readonly HashSet<string> unique = [.. words.Lexicon.Closed("unique").Select(word => word.Id)];
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

    public NounPhrase ProperPlace(Rng rng, bool citiesOnly)
    {
        var place = rng.Pick(places);
        return citiesOnly && place.Features != "city" ? ProperPlace(rng, citiesOnly) : NounPhrase.Named(place);
    }

    /// <summary>Somewhere to be: a ground with a preposition that makes sense; things can also be in containers.</summary>
    public PlacePhrase Place(Rng rng, bool forThings = false)
    {
        var key = forThings ? "grounds of things" : "grounds";
        var noun = words.Nouns(key, item => words.Lexicon.Prepositions(item).Count > 0 && (forThings ? IsThingsGround(item) : item.Class != "container")).Draw(rng);
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
        var determiner = unique.Contains(noun.Id) ? Determiner.Definite : determiners.Draw(rng);
        if (noun.Class == "body" && determiner < Determiner.My)
            determiner = (Determiner)((int)Determiner.My + rng.Next(5));
        if (noun.IsMass && determiner.NeedsPlural())
            determiner = Determiner.Definite;
        var phrase = NounPhrase.Of(noun, determiner, NumberFor(rng, noun, determiner, determiners), rng.Pick(Genders));
        if (rng.Chance(determiners == OfGrounds ? 0.1 : 0.24) && !unique.Contains(noun.Id))
            phrase = Describe(rng, phrase);
        if (determiner == Determiner.Definite && noun.Class is "clothing" or "document" or "vehicle" or "tool" && determiner == Determiner.Definite && rng.Chance(0.2))
            phrase = phrase with { Possessor = Owner(rng) };
        return phrase;
    }

    private Number NumberFor(Rng rng, Noun noun, Determiner determiner, Weighted<Determiner> determiners)
    {
        if (noun.IsMass || unique.Contains(noun.Id))
            return Number.Singular;
        if (determiner.NeedsPlural())
            return Number.Plural;
        var share = determiner == Determiner.Indefinite ? (determiners == OfObjects ? 0.35 : 0) : determiners == OfGrounds ? 0.05 : 0.18;
        return rng.Chance(share) ? Number.Plural : Number.Singular;
    }

    private NounPhrase Owner(Rng rng) => rng.Chance(0.55)
        ? Name(rng) : NounPhrase.Of(words.Nouns("persons", noun => noun.IsPerson).Draw(rng), gender: rng.Pick(Genders));

    private static NounPhrase Pronoun(Rng rng) => rng.Next(8) switch
    {
        0 or 1 => NounPhrase.Speaker(Number.Singular, rng.Pick(Genders)),
        2 => NounPhrase.Speaker(Number.Plural, rng.Pick(Genders)),
        3 => NounPhrase.Person(rng.Pick(Genders), Number.Plural),
        _ => NounPhrase.Person(rng.Pick(Genders)),
    };

    /// <summary>Weights in the order of <see cref="Determiner"/>.</summary>
    private static Weighted<Determiner> Determiners(params double[] weights) =>
        new(Enum.GetValues<Determiner>(), determiner => weights[(int)determiner]);

    private bool IsThingsGround(Noun noun) =>
        noun.Class == "container" || (noun.Class == "furniture" && words.Lexicon.Prepositions(noun)[0] is Preposition.On or Preposition.In);
}
