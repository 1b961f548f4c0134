namespace SaeNotebooks.Training.Corpus;

/// <summary>Draws single sentences of all frames.</summary>
internal sealed class ClauseSampler(WordSampler words, PhraseSampler phrases)
{
    private static readonly Weighted<Tense> Tenses = new(Enum.GetValues<Tense>(), tense => tense switch { Tense.Present => 45, Tense.Past => 35, _ => 20 });
    private static readonly Determiner[] OwnersOfHer = [Determiner.My, Determiner.His, Determiner.Our, Determiner.Their];
    private static readonly Determiner[] OwnersOfHim = [Determiner.My, Determiner.Her, Determiner.Our, Determiner.Their];
    private readonly RelativeSampler relatives = new(words, phrases);
    private readonly LinkSampler links = new(words);
    private readonly Selection selection = new(words.Lexicon);

    public Meaning Sentence(Rng rng)
    {
        var meaning = Statement(rng);
        return rng.Chance(0.14) && meaning is { Link: null, Main: { Negated: false, Subject.IsSpeaker: false, Predicate: not Action { Said: not null } } }
            ? meaning with { Mood = Mood.YesNo, Main = meaning.Main with { TimeFirst = false } } : meaning;
    }

    public Meaning Statement(Rng rng)
    {
        while (true)
        {
            var meaning = Draw(rng);
            if (selection.Allows(meaning))
                return meaning;
        }
    }

    private Meaning Draw(Rng rng)
    {
        var tense = Tenses.Draw(rng);
        var marked = rng.Chance(0.5);
        if (rng.Chance(0.26) && links.Draw(rng, Clause(rng, tense, plain: true), () => Clause(rng, tense, plain: true)) is { } linked)
            return linked with { TenseMarked = marked };
        if (rng.Chance(0.07))
            return new Meaning(Reported(rng, Clause(rng, tense, plain: true)), TenseMarked: marked);
        return new Meaning(Clause(rng, tense, plain: false), TenseMarked: marked);
    }

    private Clause Reported(Rng rng, Clause said)
    {
        var verb = words.Verbs("say", item => item.Frame == VerbFrame.Clausal).Draw(rng);
        return new Clause { Subject = phrases.Subject(rng, words.Subjects(verb), persons: true), Predicate = new Action(verb, Said: said with { TimeFirst = false }) };
    }

    /// <summary>One clause; a plain one has no relative clause, no fronted time and fewer adjuncts.</summary>
    private Clause Clause(Rng rng, Tense tense, bool plain)
    {
        var clause = Core(rng);
        clause = clause with { Tense = clause.Predicate is Identity && tense == Tense.Future ? Tense.Present : tense };
        clause = Polarity(rng, clause);
        if (!plain)
            clause = relatives.Attach(rng, clause);
        return Adjuncts(rng, clause, plain);
    }

    private Clause Core(Rng rng) => rng.Next(100) switch
    {
        < 58 => Acting(rng),
        < 74 => Described(rng),
        < 82 => Placed(rng),
        < 88 => Existing(rng),
        < 95 => Having(rng),
        _ => Being(rng),
    };

    private Clause Acting(Rng rng)
    {
        var verb = words.Verbs("acts", item => item.Frame != VerbFrame.Clausal).Draw(rng);
        var subject = phrases.Subject(rng, words.Subjects(verb), verb.Subjects.Allows("person"));
        if (subject is { Name: not null } or { IsCommon: true, Noun.IsPerson: true, Number: Number.Singular } && subject.IsPerson && rng.Chance(0.06))
            subject = subject with { And = phrases.Name(rng) };
        return new Clause { Subject = subject, Predicate = Complements(rng, verb) };
    }

    private Action Complements(Rng rng, Verb verb) => verb.Frame switch
    {
        VerbFrame.Intransitive => new Action(verb),
        VerbFrame.Ditransitive => new Action(verb, phrases.Object(rng, words.Objects(verb).Draw(rng)), phrases.Person(rng)),
        VerbFrame.Motion when Selection.AllowsProperPlace(verb) && rng.Chance(0.25) => new Action(verb, phrases.ProperPlace(rng, verb.French.Preposition != "à")),
        VerbFrame.Motion => new Action(verb, phrases.Ground(rng, words.Objects(verb).Draw(rng))),
        _ when verb.Objects.Allows("person") && rng.Chance(0.15) => new Action(verb, phrases.Name(rng)),
        _ => new Action(verb, phrases.Object(rng, words.Objects(verb).Draw(rng))),
    };

    private Clause Described(Rng rng)
    {
        var adjective = words.Adjectives("all", _ => true).Draw(rng);
        var described = words.Described(adjective);
        var subject = phrases.Subject(rng, described, adjective.Classes.Allows("person") && rng.Chance(0.7)) with { Adjective = null };
        if (!rng.Chance(0.25) || subject.Noun is null || subject.Noun.IsMass || subject.Noun.Class is "body" or "abstract")
            return new Clause { Subject = Known(subject), Predicate = new Quality(adjective) };
        var than = words.Nouns("than " + subject.Noun.Class, noun => noun.Class == subject.Noun.Class && !noun.IsMass).Draw(rng);
        return new Clause { Subject = Known(subject), Predicate = new Quality(adjective, phrases.Ground(rng, than) with { Adjective = null }) };
    }

    private Clause Placed(Rng rng)
    {
        var things = rng.Chance(0.5);
        var nouns = things ? Things() : Movers();
        return new Clause { Subject = Known(phrases.Subject(rng, nouns, persons: !things)), Predicate = new Located(phrases.Place(rng, things)) };
    }

    private Clause Existing(Rng rng)
    {
        var things = rng.Chance(0.4);
        var subject = phrases.Object(rng, (things ? Things() : Movers()).Draw(rng));
        if (!subject.Determiner.IsQuantity())
            subject = subject with { Determiner = Determiner.Indefinite, Possessor = null };
        return new Clause { Subject = subject, Predicate = new Exists(phrases.Place(rng, things)) };
    }

    private Clause Having(Rng rng)
    {
        var had = words.Nouns("had", noun => Selection.CanBeHad(noun.Class)).Draw(rng);
        var item = phrases.Object(rng, had);
        if (!item.Determiner.IsQuantity())
            item = item with { Determiner = Determiner.Indefinite, Possessor = null };
        return new Clause { Subject = Known(phrases.Subject(rng, Persons(), persons: true)), Predicate = new Has(item) };
    }

    private Clause Being(Rng rng)
    {
        var noun = Persons().Draw(rng);
        var gender = rng.Pick(noun.Genders);
        var subject = rng.Chance(0.6) ? phrases.Name(rng, gender) : NounPhrase.Person(gender);
        var owner = rng.Pick(subject.Gender == Gender.Feminine ? OwnersOfHer : OwnersOfHim);
        var role = NounPhrase.Of(noun, owner, gender: gender);
        if (rng.Chance(0.4) || !phrases.CanBeOwned(noun))
            role = phrases.Describe(rng, role with { Determiner = Determiner.Indefinite });
        return new Clause { Subject = subject, Predicate = new Identity(role) };
    }

    /// <summary>What a thing is like is said of things already known.</summary>
    private static NounPhrase Known(NounPhrase subject) =>
        subject is { IsCommon: true, Determiner: Determiner.Indefinite } ? subject with { Determiner = Determiner.Definite } : subject;

    private static Clause Polarity(Rng rng, Clause clause)
    {
        var chance = rng.NextDouble();
        if (chance < 0.1 && clause.Subject.Determiner != Determiner.Indefinite && !clause.Subject.Determiner.IsQuantity() && clause.Subject.Determiner != Determiner.All)
            return clause with { Negated = true };
        if (clause.Predicate is Exists or Identity)
            return clause;
        if (chance is > 0.1 and < 0.18 && clause.Predicate is Action && clause.Tense == Tense.Present)
            return clause with { Frequency = (Frequency)rng.Next(4) };
        return chance is > 0.18 and < 0.28 && clause.Predicate is Action && clause.Subject.IsPerson ? clause with { Modal = (Modal)rng.Next(3) } : clause;
    }

    private Clause Adjuncts(Rng rng, Clause clause, bool plain)
    {
        if (clause.Predicate is Action { Verb.Frame: VerbFrame.Intransitive or VerbFrame.Transitive } action)
        {
            if (clause.Subject.IsPerson && clause.Subject.And is null && action.Object is null && rng.Chance(0.1))
                clause = clause with { Companion = phrases.Person(rng) };
            if (rng.Chance(action.Object is null ? 0.5 : plain ? 0.05 : 0.18) && action.Object?.Class is not ("place" or "building"))
                clause = clause with { Place = phrases.Scene(rng) };
        }
        if (plain || clause.Frequency is not null || clause.Predicate is Identity or Quality { Than: not null } || !rng.Chance(0.55))
            return clause;
        var time = rng.Pick(words.Lexicon.Closed("time"));
        var isLasting = clause.Predicate is not Action && clause.Tense == Tense.Present && time.Id is not ("today" or "now");
        return time.Fits(clause.Tense) && !isLasting ? clause with { Time = time, TimeFirst = rng.Chance(0.45) } : clause;
    }

    private Weighted<Noun> Persons() => words.Nouns("persons", noun => noun.IsPerson);

    private Weighted<Noun> Movers() => words.Nouns("movers", noun => noun.Class is "person" or "animal");

    private Weighted<Noun> Things() => words.Nouns("things", noun => noun.Class is "tool" or "clothing" or "document" or "food");
}
