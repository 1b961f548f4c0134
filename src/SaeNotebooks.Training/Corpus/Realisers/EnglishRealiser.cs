namespace SaeNotebooks.Training.Corpus;

/// <summary>English: do-support, third person -s, a and an.</summary>
internal sealed class EnglishRealiser(LexiconTables lexicon) : Realiser(lexicon, Language.English)
{
    /// <summary>Words whose first letter misleads about a or an.</summary>
    private static readonly string[] ConsonantSounds = ["uni", "use", "eu", "one", "ute"];
    private static readonly string[] VowelSounds = ["hour", "honest", "heir", "honor"];

    protected override void Main(Draft draft, Clause clause, Mood mood, bool afterClause)
    {
        draft.Add(QuestionWord(clause, mood));
        Body(draft, AsAsked(clause, mood), GapOf(mood), inverted: mood is not (Mood.Statement or Mood.AskSubject));
    }

    protected override void Linked(Draft draft, Link link, Clause main)
    {
        if (link.Conjunction == Conjunction.But || link is { Conjunction: Conjunction.And, SameSubject: false })
            draft.Comma();
        draft.Add(Word(link.Conjunction));
        if (link.IsInfinitive)
        {
            draft.Add(((Action)link.Clause.Predicate).Verb.English.Gerund);
            Complement(draft, link.Clause.Predicate, Gap.None);
            Adjuncts(draft, link.Clause, Gap.None);
            return;
        }
        Body(draft, link.Clause, link.DropsSubject ? Gap.Subject : Gap.None, inverted: false);
    }

    protected override void SubjectAnswer(Draft draft, Clause clause) => Phrase(draft, clause.Subject);

    protected override void ObjectAnswer(Draft draft, Clause clause) => Phrase(draft, ObjectOf(clause.Predicate)!, isObject: true);

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
            if (words[i] == "a" && StartsWithVowelSound(words[i + 1]))
                words[i] = "an";
        return draft.Typeset("", statement ? "." : "?");
    }

    internal static bool StartsWithVowelSound(string word) =>
        VowelSounds.Any(start => word.StartsWith(start, StringComparison.Ordinal))
        || ("aeiouAEIOU".Contains(word[0]) && !ConsonantSounds.Any(start => word.StartsWith(start, StringComparison.OrdinalIgnoreCase)));

    private static string? QuestionWord(Clause clause, Mood mood) => mood switch
    {
        Mood.AskSubject => "who",
        Mood.AskObject => ObjectOf(clause.Predicate)!.IsPerson ? "who" : "what",
        Mood.AskPlace => "where",
        Mood.AskTime => "when",
        _ => null,
    };

    private void Body(Draft draft, Clause clause, Gap gap, bool inverted)
    {
        if (clause.TimeFirst && gap != Gap.Time)
            draft.Add(Word(clause.Time));
        var (auxiliary, main) = EnglishVerbGroup.Of(clause, VerbCell(clause), inverted);
        if (inverted)
            draft.Add(auxiliary);
        if (clause.Predicate is Exists)
            draft.Add("there");
        else if (gap != Gap.Subject)
            Phrase(draft, clause.Subject);
        if (!inverted)
            draft.Add(auxiliary);
        if (clause.Negated)
            Negate(draft, fuse: auxiliary == "can" && !inverted);
        draft.Add(Word(clause.Frequency)).Add(main);
        if (clause.Predicate is Exists exists)
            Existing(draft, clause.Subject, exists);
        Complement(draft, clause.Predicate, gap);
        Adjuncts(draft, clause, gap);
    }

    private static int VerbCell(Clause clause) =>
        clause.Predicate is not Exists ? Cell(clause.Subject) : clause.Subject.Number == Number.Plural ? 3 : 1;

    private static void Negate(Draft draft, bool fuse)
    {
        if (fuse)
            draft.Words[^1] = "cannot";
        else
            draft.Add("not");
    }

    private void Existing(Draft draft, NounPhrase subject, Exists exists)
    {
        Phrase(draft, subject);
        Place(draft, exists.Place);
    }

    private void Complement(Draft draft, Predicate predicate, Gap gap)
    {
        switch (predicate)
        {
            case Action { Verb.Frame: VerbFrame.Motion } motion:
                if (gap != Gap.Place)
                    Goal(draft, motion);
                else if (motion.Verb.English.Preposition is not ("to" or "in" or "at" or "on"))
                    draft.Add(motion.Verb.English.Preposition);
                break;
            case Action action: Objects(draft, action, gap); break;
            case Quality quality: Compare(draft, quality); break;
            case Located located when gap != Gap.Place: Place(draft, located.Place); break;
            case Has has when gap != Gap.Object: Phrase(draft, has.Object, isObject: true); break;
            case Identity identity: Phrase(draft, identity.Role); break;
        }
    }

    private void Objects(Draft draft, Action action, Gap gap)
    {
        if (action.Verb.Frame != VerbFrame.Ditransitive)
            draft.Add(action.Verb.English.Preposition);
        if (action.Object is { } item && gap != Gap.Object)
            Phrase(draft, item, isObject: true);
        if (action.Recipient is { } recipient)
            Phrase(draft.Add(Or(action.Verb.English.Preposition, "to")), recipient, isObject: true);
        if (action.Said is { } said)
            Body(draft.Add("that"), said, Gap.None, inverted: false);
    }

    private static string Or(string preposition, string usual) => preposition.Length > 0 ? preposition : usual;

    private void Compare(Draft draft, Quality quality)
    {
        draft.Add(quality.Than is null ? quality.Adjective.English.Positive : quality.Adjective.English.Comparative);
        if (quality.Than is { } than)
            Phrase(draft.Add("than"), than, isObject: true);
    }

    private void Goal(Draft draft, Action motion)
    {
        var place = motion.Object!;
        var preposition = motion.Verb.English.Preposition;
        draft.Add(preposition is "in" or "at" or "on" && place.Noun is not null ? Word(Preposition.At, place) : preposition);
        Phrase(draft, place, isObject: true);
    }

    private void Adjuncts(Draft draft, Clause clause, Gap gap)
    {
        if (clause.Companion is { } companion)
            Phrase(draft.Add("with"), companion, isObject: true);
        if (clause.Place is { } place && gap != Gap.Place)
            Place(draft, place);
        if (!clause.TimeFirst && gap != Gap.Time)
            draft.Add(Word(clause.Time));
    }

    private void Place(Draft draft, PlacePhrase place)
    {
        draft.Add(Word(place.Preposition, place.Ground));
        Phrase(draft, place.Ground, isObject: true);
    }

    private void Phrase(Draft draft, NounPhrase phrase, bool isObject = false)
    {
        if (phrase.IsPronoun)
            draft.Add(EnglishNounPhrases.Pronoun(phrase, isObject));
        else if (phrase.Name is { } name)
            draft.Add(Word(name));
        else
            Common(draft, phrase);
        if (phrase.And is { } second)
            Phrase(draft.Add("and"), second, isObject);
    }

    private void Common(Draft draft, NounPhrase phrase)
    {
        var noun = phrase.Noun!.English;
        if (phrase.Possessor is { } possessor)
            Genitive(draft, possessor);
        else
            draft.Add(EnglishNounPhrases.Article(phrase));
        draft.Add(phrase.Adjective?.English.Positive).Add(noun.For(phrase.Number));
        if (phrase.Relative is not { } relative)
            return;
        draft.Add(phrase.IsPerson && !relative.HeadIsObject ? "who" : "that");
        Body(draft, relative.Clause, relative.HeadIsObject ? Gap.Object : Gap.Subject, inverted: false);
    }

    private void Genitive(Draft draft, NounPhrase possessor)
    {
        Phrase(draft, possessor);
        draft.Words[^1] += "'s";
    }
}
