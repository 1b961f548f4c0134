namespace SaeNotebooks.Training.Corpus;

/// <summary>French: ne … pas around the finite verb, passé composé for events and imparfait for states, est-ce que in questions.</summary>
internal sealed class FrenchRealiser(LexiconTables lexicon) : Realiser(lexicon, Language.French)
{
    public override IReadOnlyList<Determiner> Alike(Determiner determiner) =>
        determiner is Determiner.His or Determiner.Her ? [Determiner.His, Determiner.Her] : [determiner];

    protected override void Main(Draft draft, Clause clause, Mood mood, bool afterClause)
    {
        if (mood == Mood.AskPlace && clause is { Predicate: Located, Subject.IsPronoun: false })
        {
            var verb = FrenchVerbGroup.Of(clause, Cell(clause.Subject), default, null);
            Phrase(draft.Add("où").Add(verb.Finite), clause.Subject);
            Adjuncts(draft, AsAsked(clause, mood), Gap.Place);
            return;
        }
        draft.Add(FrenchQuestions.Words(clause, mood));
        Body(draft, AsAsked(clause, mood), GapOf(mood));
    }

    protected override void Linked(Draft draft, Link link, Clause main)
    {
        if (link.Conjunction == Conjunction.But || link is { Conjunction: Conjunction.And, SameSubject: false })
            draft.Comma();
        draft.Add(Word(link.Conjunction));
        if (!link.IsInfinitive)
        {
            Body(draft, link.Clause, link.DropsSubject ? Gap.Subject : Gap.None);
            return;
        }
        var verb = ((Action)link.Clause.Predicate).Verb.French;
        draft.Add(link.Conjunction == Conjunction.Before
            ? verb.Infinitive : FrenchVerbGroup.PerfectInfinitive(verb, FrenchNounPhrases.Agreement(main.Subject)));
        Complement(draft, link.Clause, Gap.None);
        Adjuncts(draft, link.Clause, Gap.None);
    }

    protected override void SubjectAnswer(Draft draft, Clause clause) => Phrase(draft, clause.Subject, stressed: true);

    protected override void ObjectAnswer(Draft draft, Clause clause)
    {
        if (clause.Predicate is Action { Verb.French.Preposition: var preposition } action)
            Governed(draft, preposition, action.Object!);
        else
            Phrase(draft, ObjectOf(clause.Predicate)!);
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
        FrenchSandhi.Apply(draft.Words);
        return draft.Typeset("", statement ? "." : " ?");
    }

    private void Body(Draft draft, Clause clause, Gap gap, (Gender, Number)? precedingObject = null)
    {
        if (clause.TimeFirst && gap != Gap.Time)
            draft.Add(Word(clause.Time)).Comma();
        var exists = clause.Predicate is Exists;
        if (exists)
            draft.Add("il");
        else if (gap != Gap.Subject)
            Phrase(draft, clause.Subject);
        var verb = FrenchVerbGroup.Of(clause, exists ? 1 : Cell(clause.Subject), FrenchNounPhrases.Agreement(clause.Subject), precedingObject);
        Finite(draft, clause, exists, verb.Finite);
        draft.Add(clause.Negated ? "pas" : Word(clause.Frequency)).Add(verb.Rest);
        if (exists)
            Phrase(draft, clause.Subject, bare: IsBare(clause, clause.Subject));
        Complement(draft, clause, gap);
        Adjuncts(draft, clause, gap);
    }

    private static void Finite(Draft draft, Clause clause, bool exists, string finite)
    {
        if (IsDenied(clause))
            draft.Add(exists ? "n'y" : FrenchSandhi.StartsWithVowel(finite) ? "n'" : "ne");
        else if (exists)
            draft.Add("y");
        draft.Add(finite);
    }

    private static bool IsDenied(Clause clause) => clause.Negated || clause.Frequency == Frequency.Never;

    /// <summary>pas de pain: an indefinite direct object of a denied verb loses its article.</summary>
    private static bool IsBare(Clause clause, NounPhrase item) => IsDenied(clause) && item.IsCommon && item.Determiner == Determiner.Indefinite;

    private void Complement(Draft draft, Clause clause, Gap gap)
    {
        switch (clause.Predicate)
        {
            case Action { Verb.Frame: VerbFrame.Motion } motion when gap != Gap.Place: Goal(draft, motion); break;
            case Action { Verb.Frame: not VerbFrame.Motion } action: Objects(draft, clause, action, gap); break;
            case Quality quality: Compare(draft, quality, FrenchNounPhrases.Agreement(clause.Subject)); break;
            case Located located when gap != Gap.Place: Place(draft, located.Place); break;
            case Exists exists: Place(draft, exists.Place); break;
            case Has has when gap != Gap.Object: Phrase(draft, has.Object, bare: IsBare(clause, has.Object)); break;
            case Identity identity: Phrase(draft, identity.Role); break;
        }
    }

    private void Objects(Draft draft, Clause clause, Action action, Gap gap)
    {
        var preposition = action.Verb.French.Preposition;
        var isRecipients = action.Recipient is not null;
        if (action.Object is { } item && gap != Gap.Object)
            if (preposition.Length == 0 || isRecipients)
                Phrase(draft, item, bare: IsBare(clause, item));
            else
                Governed(draft, preposition, item);
        if (action.Recipient is { } recipient)
            Governed(draft, preposition.Length > 0 ? preposition : "à", recipient);
        if (action.Said is { } said)
            Body(draft.Add("que"), said, Gap.None);
    }

    /// <summary>After de the partitive and the plural indefinite article fall away.</summary>
    private void Governed(Draft draft, string preposition, NounPhrase item)
    {
        draft.Add(preposition);
        var swallowed = (preposition == "de" || preposition.EndsWith(" de", StringComparison.Ordinal)) && item is { IsCommon: true, Determiner: Determiner.Indefinite }
            && (item.Noun!.IsMass || item.Number == Number.Plural);
        if (swallowed)
            draft.Words.RemoveAt(draft.Words.Count - 1);
        Phrase(draft, item, bare: swallowed, stressed: true);
    }

    private void Compare(Draft draft, Quality quality, (Gender Gender, Number Number) agreement)
    {
        if (quality.Than is not null)
            draft.Add("plus");
        draft.Add(quality.Adjective.French.For(agreement.Gender, agreement.Number));
        if (quality.Than is { } than)
            Phrase(draft.Add("que"), than, stressed: true);
    }

    private void Goal(Draft draft, Action motion)
    {
        var place = motion.Object!;
        var preposition = motion.Verb.French.Preposition;
        if (place.Name is { } name)
        {
            draft.Add(preposition is "à" or "dans" or "en" ? name.FrenchPreposition : preposition).Add(name.FrenchName);
            return;
        }
        Governed(draft, GoalPreposition(preposition, place), place);
    }

    /// <summary>aller à l'école but sur l'île and dans la forêt, as one is there.</summary>
    private string GoalPreposition(string preposition, NounPhrase place)
    {
        var locative = Word(Preposition.At, place);
        return preposition == "à" && Lexicon.HasLocative(place.Noun!) && locative is ("sur" or "dans") ? locative : preposition;
    }

    private void Adjuncts(Draft draft, Clause clause, Gap gap)
    {
        if (clause.Companion is { } companion)
            Governed(draft, "avec", companion);
        if (clause.Place is { } place && gap != Gap.Place)
            Place(draft, place);
        if (!clause.TimeFirst && gap != Gap.Time)
            draft.Add(Word(clause.Time));
    }

    private void Place(Draft draft, PlacePhrase place)
    {
        if (place.Ground.Name is { } name)
            draft.Add(name.FrenchPreposition).Add(name.FrenchName);
        else
            Governed(draft, Word(place.Preposition, place.Ground), place.Ground);
    }

    private void Phrase(Draft draft, NounPhrase phrase, bool bare = false, bool stressed = false)
    {
        if (phrase.IsPronoun)
            draft.Add(FrenchNounPhrases.Pronoun(phrase, stressed));
        else if (phrase.Name is { } name)
            draft.Add(name.FrenchName);
        else
            Common(draft, phrase, bare);
        if (phrase.And is { } second)
            Phrase(draft.Add("et"), second);
    }

    private void Common(Draft draft, NounPhrase phrase, bool bare)
    {
        FrenchNounPhrases.Core(draft, phrase, bare);
        if (phrase.Possessor is { } possessor)
            Phrase(draft.Add("de"), possessor);
        if (phrase.Relative is not { } relative)
            return;
        draft.Add(relative.HeadIsObject ? "que" : "qui");
        Body(draft, relative.Clause, relative.HeadIsObject ? Gap.Object : Gap.Subject, relative.HeadIsObject ? FrenchNounPhrases.Agreement(phrase) : null);
    }
}
