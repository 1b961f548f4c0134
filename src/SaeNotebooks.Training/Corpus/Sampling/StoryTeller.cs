namespace SaeNotebooks.Training.Corpus;

/// <summary>Keeps who and what a story is about, and turns its steps into sentences one after the other.</summary>
internal sealed class StoryTeller
{
    private readonly WordSampler words;
    private readonly Rng rng;
    private readonly Tense tense;
    private readonly NounPhrase place;
    private readonly NounPhrase friend;
    private readonly Noun thing;
    private NounPhrase hero;
    private bool heroIsKnown;
    private bool friendIsKnown;
    private NounPhrase? thingMention;
    private Actor lastSubject = Actor.None;
    private bool lastAboutThing;
    private ClosedWord? lastTime;

    private enum Actor { None, Hero, Friend, Both, Thing }

    public StoryTeller(WordSampler words, PhraseSampler phrases, Rng rng, StoryPlan plan, Tense tense)
    {
        (this.words, this.rng, this.tense) = (words, rng, tense);
        hero = rng.Chance(0.65) ? phrases.Name(rng) : Person(Determiner.Indefinite);
        friend = Companion(phrases);
        place = NounPhrase.Of(words.Lexicon.Noun(rng.Pick(plan.Places)));
        thing = words.Lexicon.Noun(rng.Pick(plan.Things));
    }

    private Determiner Owner => hero.Gender == Gender.Feminine ? Determiner.Her : Determiner.His;

    private LexiconTables Lexicon => words.Lexicon;

    /// <summary>The sentence for a step.</summary>
    public Meaning Tell(Beat beat, bool isFirst, bool isLast)
    {
        var clause = Clause(beat) with { Tense = tense };
        var link = beat.Kind == "because" ? Reason(clause, beat.Reason) : null;
        return new Meaning(InTime(clause, isFirst, isLast), Link: link, TenseMarked: rng.Chance(0.3));
    }

    private Clause Clause(Beat beat) => beat.Kind switch
    {
        "go" => Does(Hero(), new Action(Lexicon.Verb("go.to"), place)),
        "home" => Does(Hero(), new Action(Lexicon.Verb("go_back.to"), NounPhrase.Of(Lexicon.Noun("house"), Owner))),
        "come" => Does(Friend(), new Action(Lexicon.Verb("come.to"), place)),
        "place" => Does(Other(place), new Quality(Describing(place.Noun!))),
        "thing" => Does(Thing(), new Quality(Describing(thing))),
        "see" => Does(Other(Mention(false)), new Exists(new PlacePhrase(Preposition.At, place))),
        "feel" => Does(Hero(), new Quality(Lexicon.Adjective(beat.Word))),
        "both" => Does(Both(), new Action(Lexicon.Verb(beat.Word))),
        "hero" or "because" => Does(Hero(), new Action(Lexicon.Verb(beat.Word))),
        "friend" => Does(Friend(), new Action(Lexicon.Verb(beat.Word))),
        "person" => Does(Hero(), new Action(Lexicon.Verb(beat.Word), friend)),
        "give" => Does(Hero(), new Action(Lexicon.Verb(beat.Word), Mention(false), friend)),
        "want" => Does(Hero(), new Action(Lexicon.Verb(beat.Word), Mention(false))) with { Modal = Modal.Want },
        _ => Does(Hero(), new Action(Lexicon.Verb(beat.Word), Mention(beat.Word == "lose.thing"))),
    };

    private Clause Does(NounPhrase subject, Predicate predicate)
    {
        lastAboutThing = predicate is Exists || (predicate is Action { Object.Noun: { } noun } && noun == thing);
        if (predicate is Action { Recipient: not null } || (predicate is Action { Object: { } item } && ReferenceEquals(item, friend)))
            lastSubject = Actor.Both;
        return new Clause { Subject = subject, Predicate = predicate };
    }

    private Link Reason(Clause clause, string adjective) => new(Conjunction.Because,
        new Clause { Subject = clause.Subject.Pronoun(), Predicate = new Quality(Lexicon.Adjective(adjective)), Tense = tense }, SameSubject: true);

    /// <summary>A time expression opens the story; connecting words lead through it.</summary>
    private Clause InTime(Clause clause, bool isFirst, bool isLast)
    {
        var role = isFirst ? "opening" : isLast ? "closing" : "middle";
        if (!isFirst && (!rng.Chance(0.35) || clause.Predicate is Exists || (clause.Predicate is Quality && !(isLast && clause.Subject.IsPerson))))
            return clause;
        var candidates = Lexicon.Closed("story").Where(word => word.Features.EndsWith(role, StringComparison.Ordinal) && word != lastTime).ToList();
        if (isFirst)
            candidates.AddRange(Lexicon.Closed("time"));
        candidates.RemoveAll(word => !word.Fits(tense));
        if (candidates.Count == 0)
            return clause;
        lastTime = rng.Pick(candidates);
        return clause with { Time = lastTime, TimeFirst = !isFirst || rng.Chance(0.7) };
    }

    private NounPhrase Hero()
    {
        var pronoun = heroIsKnown && (lastSubject == Actor.Hero || (lastSubject == Actor.Thing && rng.Chance(0.6))) && rng.Chance(0.85);
        var mention = pronoun ? hero.Pronoun() : hero;
        (heroIsKnown, lastSubject) = (true, Actor.Hero);
        hero = hero.Again();
        return mention;
    }

    private NounPhrase Friend()
    {
        var pronoun = friendIsKnown && lastSubject == Actor.Friend && rng.Chance(0.7);
        (friendIsKnown, lastSubject) = (true, Actor.Friend);
        return pronoun ? friend.Pronoun() : friend;
    }

    private NounPhrase Both()
    {
        var pronoun = lastSubject is Actor.Both or Actor.Friend && rng.Chance(0.6);
        lastSubject = Actor.Both;
        var both = hero with { And = friend };
        return pronoun ? both.Pronoun() : both;
    }

    private NounPhrase Thing()
    {
        var pronoun = lastAboutThing && rng.Chance(thing.Class == "animal" ? 0.7 : 0.3);
        lastSubject = Actor.Thing;
        return pronoun ? thingMention!.Pronoun() : thingMention!.Again();
    }

    private NounPhrase Other(NounPhrase phrase)
    {
        lastSubject = Actor.Thing;
        return phrase;
    }

    /// <summary>The thing as an object: new at first, known afterwards.</summary>
    private NounPhrase Mention(bool owned)
    {
        var mention = thingMention?.Again() ?? NounPhrase.Of(thing, owned ? Owner : Determiner.Indefinite);
        thingMention = mention;
        return mention;
    }

    private Adjective Describing(Noun noun) => words.Adjectives(noun).Draw(rng);

    private NounPhrase Person(Determiner determiner) =>
        NounPhrase.Of(words.Nouns("heroes", noun => Lexicon.Closed("hero").Any(word => word.Id == noun.Id)).Draw(rng), determiner, gender: rng.Chance(0.5) ? Gender.Feminine : Gender.Masculine);

    /// <summary>Someone who cannot be taken for the hero: another name, or the hero's friend or relative.</summary>
    private NounPhrase Companion(PhraseSampler phrases)
    {
        var name = phrases.Name(rng);
        while (name.Name == hero.Name)
            name = phrases.Name(rng);
        return rng.Chance(0.5) ? name : NounPhrase.Of(Lexicon.Noun("friend"), Owner, gender: rng.Chance(0.5) ? Gender.Feminine : Gender.Masculine);
    }
}
