namespace SaeNotebooks.Training.Corpus;

/// <summary>Vietnamese: classifiers instead of articles, no inflection, tense by optional đã and sẽ, question words in place.</summary>
internal sealed class VietnameseRealiser(LexiconTables lexicon) : Realiser(lexicon, Language.Vietnamese)
{
    private static readonly string[] Modals = ["có thể", "phải", "muốn"];

    public override IReadOnlyList<Determiner> Alike(Determiner determiner) =>
        determiner is Determiner.Definite or Determiner.Indefinite ? [Determiner.Definite, Determiner.Indefinite] : [determiner];

    protected override void Main(Draft draft, Clause clause, Mood mood, bool afterClause)
    {
        var asked = mood == Mood.Statement ? clause : clause with { TimeFirst = mood == Mood.AskTime };
        if (mood == Mood.AskTime)
            draft.Add("khi nào");
        Body(draft, asked, GapOf(mood), asksWhether: mood == Mood.YesNo);
        if (mood == Mood.YesNo)
            draft.Add("không");
    }

    protected override void Linked(Draft draft, Link link, Clause main)
    {
        if (link.Conjunction == Conjunction.But)
            draft.Comma();
        draft.Add(Word(link.Conjunction));
        Body(draft, link.Clause, link.DropsSubject || link.IsInfinitive ? Gap.Subject : Gap.None, bare: link.IsInfinitive || link.Conjunction == Conjunction.When, silent: true);
    }

    protected override void SubjectAnswer(Draft draft, Clause clause) => Phrase(draft, clause.Subject);

    protected override void ObjectAnswer(Draft draft, Clause clause) => Phrase(draft, ObjectOf(clause.Predicate)!);

    protected override void PlaceAnswer(Draft draft, Clause clause)
    {
        if (clause.AnyPlace is { } place)
            Place(draft, place, verbal: place.Ground.Name is not null);
        else
            Phrase(draft.Add(((Action)clause.Predicate).Verb.Vietnamese.Preposition), ((Action)clause.Predicate).Object!);
    }

    protected override string Finish(Draft draft, bool statement) => draft.Typeset("", statement ? "." : "?");

    private void Body(Draft draft, Clause clause, Gap gap, bool asksWhether = false, bool bare = false, bool silent = false, bool relative = false)
    {
        if (clause.TimeFirst && gap != Gap.Time)
            draft.Add(Word(clause.Time));
        if (clause.Predicate is not Exists && !(gap == Gap.Subject && silent))
            if (gap == Gap.Subject)
                draft.Add(relative ? null : "ai");
            else
                Phrase(draft, clause.Subject);
        Verb(draft, clause, asksWhether, bare, relative);
        if (clause.Predicate is Exists)
            Phrase(draft, clause.Subject);
        Complement(draft, clause, gap, relative);
        Adjuncts(draft, clause, gap, relative);
    }

    private void Verb(Draft draft, Clause clause, bool asksWhether, bool bare, bool relative)
    {
        if (!asksWhether && !bare)
            draft.Add(TenseWord(draft, clause, relative));
        draft.Add(Word(clause.Frequency));
        var identity = clause.Predicate is Identity;
        if (clause.Negated)
            draft.Add(clause.Modal == Modal.Must ? "không được" : identity ? "không phải" : "không");
        else if (asksWhether)
            draft.Add(clause.Predicate is Has or Exists && clause.Modal is null || clause.Modal == Modal.Can ? null : identity ? "có phải" : "có");
        if (clause.Modal is { } modal && !(clause.Negated && modal == Modal.Must))
            draft.Add(Modals[(int)modal]);
        draft.Add(clause.Predicate switch
        {
            Action action => action.Verb.Vietnamese.Word,
            Has or Exists => "có",
            Identity => "là",
            _ => null,
        });
    }

    /// <summary>đã for events, sẽ for the future unless a time expression says it; đang shows where a relative clause begins.</summary>
    private static string? TenseWord(Draft draft, Clause clause, bool relative)
    {
        if (clause.Tense == Tense.Future)
            return draft.TenseMarked || clause.Time is null ? "sẽ" : null;
        if (clause.Predicate is not Action || clause.Modal is not null || clause.Negated || clause.Frequency is not null)
            return null;
        if (clause.Tense == Tense.Past)
            return draft.TenseMarked || relative ? "đã" : null;
        return relative ? "đang" : null;
    }

    private void Complement(Draft draft, Clause clause, Gap gap, bool relative)
    {
        switch (clause.Predicate)
        {
            case Action { Verb.Frame: VerbFrame.Motion } motion: Goal(draft, motion, gap); break;
            case Action action: Objects(draft, action, gap, relative); break;
            case Quality quality: Compare(draft, quality); break;
            case Located when gap == Gap.Place: draft.Add("ở đâu"); break;
            case Located located: Place(draft, located.Place, verbal: true); break;
            case Exists exists: Place(draft, exists.Place, verbal: false); break;
            case Has has: Item(draft, has.Object, gap, relative); break;
            case Identity identity: Phrase(draft, identity.Role); break;
        }
    }

    private void Objects(Draft draft, Action action, Gap gap, bool relative)
    {
        if (action.Recipient is null)
            draft.Add(action.Verb.Vietnamese.Preposition);
        if (action.Object is { } item)
            Item(draft, item, gap, relative);
        if (action.Recipient is { } recipient)
            Phrase(draft.Add(action.Verb.Vietnamese.Preposition.Length > 0 ? action.Verb.Vietnamese.Preposition : "cho"), recipient);
        if (action.Said is { } said)
            Body(draft.Add("rằng"), said, Gap.None);
    }

    private void Item(Draft draft, NounPhrase item, Gap gap, bool relative)
    {
        if (gap != Gap.Object)
            Phrase(draft, item);
        else if (!relative)
            draft.Add(item.IsPerson ? "ai" : "gì");
    }

    private void Compare(Draft draft, Quality quality)
    {
        draft.Add(quality.Adjective.Vietnamese);
        if (quality.Than is { } than)
            Phrase(draft.Add("hơn"), than);
    }

    private void Goal(Draft draft, Action motion, Gap gap)
    {
        var preposition = motion.Verb.Vietnamese.Preposition;
        if (gap == Gap.Place)
            draft.Add(preposition is "đến" or "tới" or "vào" ? "đâu" : preposition is "ở" or "trong" ? "ở đâu" : preposition + " đâu");
        else
            Phrase(draft.Add(preposition == "trong" && motion.Object!.Name is not null ? "ở" : preposition), motion.Object!);
    }

    private void Adjuncts(Draft draft, Clause clause, Gap gap, bool relative)
    {
        if (clause.Companion is { } companion)
            Phrase(draft.Add("với"), companion);
        if (clause.Place is { } place)
            if (gap != Gap.Place)
                Place(draft, place, verbal: place.Ground.Name is not null);
            else if (!relative)
                draft.Add("ở đâu");
        if (!clause.TimeFirst && gap != Gap.Time)
            draft.Add(Word(clause.Time));
    }

    /// <summary>As the predicate of a sentence a place needs ở.</summary>
    private void Place(Draft draft, PlacePhrase place, bool verbal)
    {
        var preposition = place.Ground.Name is not null ? "ở" : Word(place.Preposition, place.Ground);
        if (verbal && !preposition.StartsWith('ở'))
            draft.Add("ở");
        Phrase(draft.Add(preposition), place.Ground);
    }

    private void Phrase(Draft draft, NounPhrase phrase)
    {
        if (phrase.IsPronoun)
            draft.Add(VietnameseNounPhrases.Pronoun(phrase));
        else if (phrase.Name is { } name)
            draft.Add(Word(name));
        else
            Common(draft, phrase);
        if (phrase.And is { } second)
            Phrase(draft.Add("và"), second);
    }

    private void Common(Draft draft, NounPhrase phrase)
    {
        var noun = phrase.Noun!.Vietnamese;
        draft.Add(VietnameseNounPhrases.Before(phrase)).Add(VietnameseNounPhrases.IsKin(phrase) ? null : noun.Classifier).Add(noun.Word).Add(phrase.Adjective?.Vietnamese);
        if (phrase.Relative is { } relative)
            Body(draft.Add(relative.HeadIsObject ? "mà" : null), relative.Clause, relative.HeadIsObject ? Gap.Object : Gap.Subject, relative: true);
        draft.Add(VietnameseNounPhrases.After(phrase.Determiner));
        if (phrase.Possessor is { } possessor)
            Phrase(draft.Add("của"), possessor);
    }
}
