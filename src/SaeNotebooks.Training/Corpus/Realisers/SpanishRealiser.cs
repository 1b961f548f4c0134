namespace SaeNotebooks.Training.Corpus;

/// <summary>Spanish: subject pronouns are left out, personal a, ser and estar, preterite for events and imperfect for states.</summary>
internal sealed class SpanishRealiser(LexiconTables lexicon) : Realiser(lexicon, Language.Spanish)
{
    public override IReadOnlyList<Determiner> Alike(Determiner determiner) =>
        determiner is Determiner.His or Determiner.Her or Determiner.Their ? [Determiner.His, Determiner.Her, Determiner.Their] : [determiner];

    protected override void Main(Draft draft, Clause clause, Mood mood, bool afterClause)
    {
        QuestionWord(draft, clause, mood);
        Body(draft, AsAsked(clause, mood), GapOf(mood), verbFirst: mood is Mood.AskObject or Mood.AskPlace or Mood.AskTime);
    }

    protected override void Linked(Draft draft, Link link, Clause main)
    {
        if (link.Conjunction == Conjunction.But || link is { Conjunction: Conjunction.And, SameSubject: false })
            draft.Comma();
        draft.Add(Word(link.Conjunction));
        if (!link.IsInfinitive)
        {
            Body(draft, link.Clause, link.DropsSubject ? Gap.Subject : Gap.None, verbFirst: false);
            return;
        }
        draft.Add(((Action)link.Clause.Predicate).Verb.Spanish.Infinitive);
        Complement(draft, link.Clause, Gap.None);
        Adjuncts(draft, link.Clause, Gap.None);
    }

    protected override void SubjectAnswer(Draft draft, Clause clause)
    {
        if (clause.Subject.IsPronoun)
            draft.Add(Pronoun(clause.Subject));
        else
            Phrase(draft, clause.Subject);
    }

    protected override void ObjectAnswer(Draft draft, Clause clause) => Governed(draft, clause.Predicate, ObjectOf(clause.Predicate)!);

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
        {
            if (words[i] == "y" && StartsWithI(words[i + 1]))
                words[i] = "e";
            if (words[i] is not ("a" or "de") || words[i + 1] != "el")
                continue;
            words[i] = words[i] == "a" ? "al" : "del";
            words.RemoveAt(i + 1);
        }
        return statement ? draft.Typeset("", ".") : draft.Typeset("¿", "?");
    }

    private static bool StartsWithI(string word) =>
        word[0] is 'i' or 'I' or 'í' or 'Í' || (word.StartsWith("hi", StringComparison.OrdinalIgnoreCase) && !word.StartsWith("hie", StringComparison.OrdinalIgnoreCase));

    private static void QuestionWord(Draft draft, Clause clause, Mood mood)
    {
        var preposition = (clause.Predicate as Action)?.Verb.Spanish.Preposition ?? "";
        draft.Add(mood switch
        {
            Mood.AskSubject => "quién",
            Mood.AskTime => "cuándo",
            Mood.AskPlace => preposition switch { "a" => "adónde", "de" => "de dónde", _ => "dónde" },
            Mood.AskObject when ObjectOf(clause.Predicate)!.IsPerson => (preposition.Length > 0 ? preposition : clause.Predicate is Has ? "" : "a") + " quién",
            Mood.AskObject => preposition + " qué",
            _ => null,
        });
    }

    private void Body(Draft draft, Clause clause, Gap gap, bool verbFirst)
    {
        if (clause.TimeFirst && gap != Gap.Time)
            draft.Add(Word(clause.Time));
        var hasSubject = gap != Gap.Subject && clause.Predicate is not Exists && !clause.Subject.IsPronoun;
        if (hasSubject && !verbFirst)
            Phrase(draft, clause.Subject, articled: true);
        var isState = clause.Predicate is Quality quality && Lexicon.IsState(quality.Adjective);
        var verb = SpanishVerbGroup.Of(clause, Cell(clause.Subject), isState);
        draft.Add(Word(clause.Frequency)).Add(clause.Negated ? "no" : null).Add(verb.Finite).Add(verb.Rest);
        if (hasSubject && verbFirst)
            Phrase(draft, clause.Subject, articled: true);
        if (clause.Predicate is Exists)
            Phrase(draft, clause.Subject);
        Complement(draft, clause, gap);
        Adjuncts(draft, clause, gap);
    }

    private void Complement(Draft draft, Clause clause, Gap gap)
    {
        switch (clause.Predicate)
        {
            case Action { Verb.Frame: VerbFrame.Motion } motion when gap != Gap.Place: Goal(draft, motion); break;
            case Action { Verb.Frame: not VerbFrame.Motion } action: Objects(draft, action, gap); break;
            case Quality quality: Compare(draft, quality, SpanishNounPhrases.Agreement(clause.Subject)); break;
            case Located located when gap != Gap.Place: Place(draft, located.Place); break;
            case Exists exists: Place(draft, exists.Place); break;
            case Has has when gap != Gap.Object: Phrase(draft, has.Object); break;
            case Identity identity: Phrase(draft, identity.Role); break;
        }
    }

    private void Objects(Draft draft, Action action, Gap gap)
    {
        if (action.Object is { } item && gap != Gap.Object)
            Governed(draft, action, item);
        if (action.Recipient is { } recipient)
            Phrase(draft.Add("a"), recipient, articled: true);
        if (action.Said is { } said)
            Body(draft.Add("que"), said, Gap.None, verbFirst: false);
    }

    /// <summary>The verb's preposition, or personal a before persons and known animals.</summary>
    private void Governed(Draft draft, Predicate predicate, NounPhrase item)
    {
        var verb = (predicate as Action)?.Verb;
        var preposition = verb?.Frame == VerbFrame.Transitive ? verb.Spanish.Preposition : "";
        if (preposition.Length > 0)
            draft.Add(preposition);
        else if (verb is { Frame: VerbFrame.Transitive } && IsPersonal(item))
            draft.Add("a");
        Phrase(draft, item, articled: preposition.Length > 0);
    }

    private static bool IsPersonal(NounPhrase item) => item.IsPerson || (item.Class == "animal" && item.Determiner.IsKnown());

    private void Compare(Draft draft, Quality quality, (Gender Gender, Number Number) agreement)
    {
        if (quality.Than is not null)
            draft.Add("más");
        draft.Add(quality.Adjective.Spanish.For(agreement.Gender, agreement.Number));
        if (quality.Than is { } than)
            Phrase(draft.Add("que"), than, articled: true);
    }

    private void Goal(Draft draft, Action motion) =>
        Phrase(draft.Add(motion.Verb.Spanish.Preposition is "en" ? Word(Preposition.At, motion.Object!) : motion.Verb.Spanish.Preposition), motion.Object!);

    private void Adjuncts(Draft draft, Clause clause, Gap gap)
    {
        if (clause.Companion is { } companion)
            Phrase(draft.Add("con"), companion, articled: true);
        if (clause.Place is { } place && gap != Gap.Place)
            Place(draft, place);
        if (!clause.TimeFirst && gap != Gap.Time)
            draft.Add(Word(clause.Time));
    }

    private void Place(Draft draft, PlacePhrase place) => Phrase(draft.Add(Word(place.Preposition, place.Ground)), place.Ground, articled: true);

    private void Phrase(Draft draft, NounPhrase phrase, bool articled = false)
    {
        if (phrase.IsPronoun)
            draft.Add(Pronoun(phrase));
        else if (phrase.Name is { } name)
            draft.Add(Word(name));
        else
            Common(draft, phrase, articled);
        if (phrase.And is { } second)
            Phrase(draft.Add("y"), second, articled);
    }

    private void Common(Draft draft, NounPhrase phrase, bool articled)
    {
        SpanishNounPhrases.Core(draft, phrase, articled);
        if (phrase.Possessor is { } possessor)
            Phrase(draft.Add("de"), possessor);
        if (phrase.Relative is not { } relative)
            return;
        var personal = relative.HeadIsObject && phrase.IsPerson;
        draft.Add(personal ? (phrase.Number == Number.Plural ? "a quienes" : "a quien") : "que");
        Body(draft, relative.Clause, relative.HeadIsObject ? Gap.Object : Gap.Subject, verbFirst: false);
    }

    private static string Pronoun(NounPhrase phrase)
    {
        var plural = phrase.Number == Number.Plural;
        var feminine = SpanishNounPhrases.Agreement(phrase).Gender == Gender.Feminine;
        if (phrase.IsSpeaker)
            return plural ? (feminine ? "nosotras" : "nosotros") : "yo";
        return plural ? (feminine ? "ellas" : "ellos") : feminine ? "ella" : "él";
    }
}
