namespace SaeNotebooks.Training.Corpus;

/// <summary>German: the finite verb second in main clauses and last in subordinate ones, four cases, Perfekt for events.</summary>
internal sealed class GermanRealiser(LexiconTables lexicon) : Realiser(lexicon, Language.German)
{
    private static readonly Dictionary<(string, string), string> Contractions = new()
    {
        [("in", "dem")] = "im", [("an", "dem")] = "am", [("zu", "dem")] = "zum", [("bei", "dem")] = "beim", [("von", "dem")] = "vom",
        [("zu", "der")] = "zur", [("in", "das")] = "ins", [("an", "das")] = "ans",
    };

    public override IReadOnlyList<Determiner> Alike(Determiner determiner) =>
        determiner is Determiner.Her or Determiner.Their ? [Determiner.Her, Determiner.Their] : [determiner];

    protected override void Main(Draft draft, Clause clause, Mood mood, bool afterClause)
    {
        var gap = GapOf(mood);
        var asked = AsAsked(clause, mood);
        var verb = GermanVerbGroup.Of(asked, VerbCell(asked));
        var subjectFirst = false;
        if (mood != Mood.Statement)
            draft.Add(GermanQuestions.Word(clause, mood));
        else if (afterClause)
            gap = Gap.None;
        else if (clause.TimeFirst)
            draft.Add(Word(clause.Time));
        else
            subjectFirst = Subject(draft, clause);
        draft.Add(verb.Finite);
        if (!subjectFirst && gap != Gap.Subject)
            Subject(draft, clause);
        Middle(draft, asked, gap, timeSaid: asked.TimeFirst && !afterClause, closes: verb.Closes);
        draft.Add(verb.Closing).Add(verb.Particle);
        After(draft, clause);
    }

    protected override void Linked(Draft draft, Link link, Clause main)
    {
        var clause = link.Clause;
        if (link.Conjunction != Conjunction.And)
            draft.Comma();
        if (link.Conjunction is Conjunction.And or Conjunction.But)
        {
            Joined(draft, link);
            return;
        }
        draft.Add(link.Conjunction == Conjunction.When && clause.Tense == Tense.Past ? "als" : Word(link.Conjunction));
        Subordinate(draft, AsLinked(link, main), Gap.None, after: link.Conjunction == Conjunction.After);
    }

    /// <summary>A pronoun has the grammatical gender of the subject that it takes up: das Kind … es. bevor needs no future.</summary>
    private static Clause AsLinked(Link link, Clause main)
    {
        var clause = link.Clause;
        if (link.SameSubject && main.Subject is { IsCommon: true, And: null })
            clause = clause with { Subject = clause.Subject with { Noun = main.Subject.Noun } };
        return link.Conjunction == Conjunction.Before && clause.Tense == Tense.Future ? clause with { Tense = Tense.Present } : clause;
    }

    protected override void SubjectAnswer(Draft draft, Clause clause) => Phrase(draft, clause.Subject, GermanCase.Nominative);

    protected override void ObjectAnswer(Draft draft, Clause clause)
    {
        if (clause.Predicate is Action { Verb.German: var verb } action)
            Phrase(draft.Add(verb.Preposition), action.Object!, verb.Case);
        else
            Phrase(draft, ObjectOf(clause.Predicate)!, GermanCase.Accusative);
    }

    protected override void PlaceAnswer(Draft draft, Clause clause)
    {
        if (clause.AnyPlace is { } place)
            Place(draft, place);
        else
            Goal(draft, (Action)clause.Predicate);
    }

    protected override string Finish(Draft draft, bool statement)
    {
        var words = draft.Words;
        for (var i = 0; i + 1 < words.Count; i++)
            if (Contractions.TryGetValue((words[i], words[i + 1]), out var contracted))
            {
                words[i] = contracted;
                words.RemoveAt(i + 1);
            }
        return draft.Typeset("", statement ? "." : "?");
    }

    private void Joined(Draft draft, Link link)
    {
        var clause = link.Clause;
        var verb = GermanVerbGroup.Of(clause, VerbCell(clause));
        draft.Add(Word(link.Conjunction));
        if (!link.DropsSubject)
            Subject(draft, clause);
        draft.Add(verb.Finite);
        Middle(draft, clause, Gap.None, closes: verb.Closes);
        draft.Add(verb.Closing).Add(verb.Particle);
        After(draft, clause);
    }

    private void Subordinate(Draft draft, Clause clause, Gap gap, bool after = false)
    {
        if (gap != Gap.Subject)
            Subject(draft, clause);
        Middle(draft, clause, gap, closes: true);
        var verb = after ? GermanVerbGroup.Perfect(((Action)clause.Predicate).Verb.German, VerbCell(clause), pluperfect: clause.Tense == Tense.Past)
            : GermanVerbGroup.Of(clause, VerbCell(clause));
        draft.Add(verb.Closing).Add(verb.Particle + verb.Finite);
        After(draft, clause);
    }

    private static int VerbCell(Clause clause) => clause.Predicate is Exists ? 1 : Cell(clause.Subject);

    private bool Subject(Draft draft, Clause clause)
    {
        if (clause.Predicate is Exists)
            draft.Add("es");
        else
            Phrase(draft, clause.Subject, GermanCase.Nominative);
        return true;
    }

    /// <summary>What follows the closing verbs: the relative clause of an object, and reported speech.</summary>
    private void After(Draft draft, Clause clause)
    {
        if (draft.Postponed is { } head)
        {
            draft.Postponed = null;
            Relative(draft, head);
        }
        if (clause.Predicate is not Action { Said: { } said })
            return;
        Subordinate(draft.Comma().Add("dass"), said, Gap.None);
    }

    /// <summary>Time, known objects, how often or nicht, new objects, company, place, and what belongs closest to the verb.</summary>
    private void Middle(Draft draft, Clause clause, Gap gap, bool timeSaid = false, bool closes = false)
    {
        var item = gap == Gap.Object ? null : DirectObject(clause);
        var known = item is null || item.IsPronoun || item.Name is not null || item.Determiner.IsKnown();
        var denied = clause.Negated && !known && item!.Determiner == Determiner.Indefinite;
        if (!timeSaid && gap != Gap.Time)
            draft.Add(Word(clause.Time));
        if (clause.Predicate is Action { Recipient: { } recipient })
            Phrase(draft, recipient, GermanCase.Dative);
        if (closes && clause.Place is null && item is { Relative: not null, IsCommon: true })
            (draft.Postponed, item) = (item, item with { Relative = null });
        if (clause.Frequency is not Frequency.Never)
            draft.Add(Word(clause.Frequency));
        if (item is not null && known)
            Phrase(draft, item, ObjectCase(clause.Predicate));
        draft.Add(clause.Frequency is Frequency.Never ? Word(clause.Frequency) : null).Add(clause.Negated && !denied && !DeniesRole(clause) ? "nicht" : null);
        if (item is not null && !known)
            Phrase(draft, item, ObjectCase(clause.Predicate), denied);
        if (clause.Companion is { } companion)
            Phrase(draft.Add("mit"), companion, GermanCase.Dative);
        if (clause.Place is { } place && gap != Gap.Place)
            Place(draft, place);
        Closest(draft, clause, gap);
    }

    private static NounPhrase? DirectObject(Clause clause) => clause.Predicate switch
    {
        Action { Verb.Frame: VerbFrame.Motion } or Action { Verb.German.Preposition.Length: > 0 } => null,
        Action action => action.Object,
        Has has => has.Object,
        Exists => clause.Subject,
        _ => null,
    };

    private static bool DeniesRole(Clause clause) => clause.Predicate is Identity { Role.Determiner: Determiner.Indefinite };

    private static GermanCase ObjectCase(Predicate predicate) => predicate is Action { Recipient: null } action ? action.Verb.German.Case : GermanCase.Accusative;

    private void Closest(Draft draft, Clause clause, Gap gap)
    {
        switch (clause.Predicate)
        {
            case Action { Verb.Frame: VerbFrame.Motion } motion when gap != Gap.Place: Goal(draft, motion); break;
            case Action { Verb: { Frame: VerbFrame.Transitive, German: { Preposition.Length: > 0 } verb } } action when gap != Gap.Object:
                Phrase(draft.Add(verb.Preposition), action.Object!, verb.Case);
                break;
            case Quality quality: Compare(draft, quality); break;
            case Located located when gap != Gap.Place: Place(draft, located.Place); break;
            case Exists exists: Place(draft, exists.Place); break;
            case Identity identity: Phrase(draft, identity.Role, GermanCase.Nominative, denied: clause.Negated); break;
        }
    }

    private void Compare(Draft draft, Quality quality)
    {
        draft.Add(quality.Than is null ? quality.Adjective.German.Positive : quality.Adjective.German.Comparative);
        if (quality.Than is { } than)
            Phrase(draft.Add("als"), than, GermanCase.Nominative);
    }

    private void Goal(Draft draft, Action motion)
    {
        var place = motion.Object!;
        var verb = motion.Verb.German;
        if (place.Name is { } name)
            draft.Add(verb switch { { Preposition: "in", Case: GermanCase.Accusative } or { Preposition: "zu" } => "nach", _ => verb.Preposition }).Add(Word(name));
        else
            Towards(draft, verb, place);
    }

    /// <summary>zur Schule, but in den Wald and auf den Markt: the locative of a ground names its preposition of direction.</summary>
    private void Towards(Draft draft, GermanVerb verb, NounPhrase place)
    {
        var locative = Word(Preposition.At, place).Split('+', ';');
        if (verb.Preposition == "zu" && locative.Length > 2)
            Phrase(draft.Add(locative[2]), place, GermanCase.Accusative);
        else
            Phrase(draft.Add(verb.Preposition == "in" ? locative[0] : verb.Preposition), place, verb.Case);
    }

    private void Place(Draft draft, PlacePhrase place)
    {
        if (place.Ground.Name is { } name)
            draft.Add("in").Add(Word(name));
        else
            Ground(draft, Word(place.Preposition, place.Ground).Split('+', ';'), place.Ground);
    }

    /// <summary>im Garten; in der Nähe des Gartens, but in der Nähe von Gärten, where no article could show the genitive.</summary>
    private void Ground(Draft draft, string[] preposition, NounPhrase ground)
    {
        draft.Add(preposition[0]);
        if (preposition[1] == "dat")
            Phrase(draft, ground, GermanCase.Dative);
        else if (ground.Determiner.IsQuantity() || (ground.Determiner == Determiner.Indefinite && ground.Number == Number.Plural) || ground.Possessor?.Name is not null)
            Phrase(draft.Add("von"), ground, GermanCase.Dative);
        else
            Phrase(draft, ground, GermanCase.Genitive);
    }

    private void Phrase(Draft draft, NounPhrase phrase, GermanCase @case, bool denied = false)
    {
        if (phrase.IsPronoun)
            draft.Add(GermanNounPhrases.Pronoun(phrase, @case));
        else if (phrase.Name is { } name)
            draft.Add(Word(name));
        else
            Common(draft, phrase, @case, denied);
        if (phrase.And is { } second)
            Phrase(draft.Add("und"), second, @case);
    }

    private void Common(Draft draft, NounPhrase phrase, GermanCase @case, bool denied)
    {
        if (phrase.Possessor is { Name: { } owner })
            draft.Add(Word(owner) + "s");
        GermanNounPhrases.Core(draft, phrase, @case, denied);
        if (phrase.Possessor is { IsCommon: true } possessor)
            Phrase(draft, possessor, GermanCase.Genitive);
        if (phrase.Relative is not null)
            Relative(draft, phrase);
    }

    private void Relative(Draft draft, NounPhrase phrase)
    {
        var relative = phrase.Relative!;
        var inner = relative.HeadIsObject ? ObjectCase(relative.Clause.Predicate) : GermanCase.Nominative;
        draft.Comma().Add(GermanNounPhrases.Relative(phrase, inner));
        Subordinate(draft, relative.Clause, relative.HeadIsObject ? Gap.Object : Gap.Subject);
        draft.Comma();
    }
}
