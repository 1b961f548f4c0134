namespace SaeNotebooks.Training.Corpus;

/// <summary>Turns meanings into sentences of one language.</summary>
internal abstract class Realiser(LexiconTables lexicon, Language language)
{
    protected LexiconTables Lexicon { get; } = lexicon;

    /// <summary>Determiners that this language writes alike; the possessives are all that it can be.</summary>
    public virtual IReadOnlyList<Determiner> Alike(Determiner determiner) => [determiner];

    /// <summary>The canonical sentence.</summary>
    public string Sentence(Meaning meaning)
    {
        var draft = new Draft(meaning.TenseMarked);
        if (meaning.Link is { First: true } before)
        {
            Linked(draft, before, meaning.Main);
            draft.Comma();
        }
        Main(draft, meaning.Main, meaning.Mood, afterClause: meaning.Link is { First: true });
        if (meaning.Link is { First: false } after)
            Linked(draft, after, meaning.Main);
        return Finish(draft, meaning.Mood == Mood.Statement);
    }

    /// <summary>The short answer to a wh-question, as a phrase of its own.</summary>
    public string Answer(Meaning question)
    {
        var draft = new Draft();
        switch (question.Mood)
        {
            case Mood.AskSubject: SubjectAnswer(draft, question.Main); break;
            case Mood.AskObject: ObjectAnswer(draft, question.Main); break;
            case Mood.AskPlace: PlaceAnswer(draft, question.Main); break;
            case Mood.AskTime: draft.Add(Word(question.Main.Time)); break;
            default: throw new ArgumentException($"Only wh-questions have a phrase as answer; this is {question.Mood}.", nameof(question));
        }
        return Finish(draft, statement: true);
    }

    /// <summary>Writes the main clause; after a fronted clause some languages put the verb first.</summary>
    protected abstract void Main(Draft draft, Clause clause, Mood mood, bool afterClause);

    /// <summary>Writes the conjunction and the second clause.</summary>
    protected abstract void Linked(Draft draft, Link link, Clause main);

    protected abstract void SubjectAnswer(Draft draft, Clause clause);

    protected abstract void ObjectAnswer(Draft draft, Clause clause);

    protected abstract void PlaceAnswer(Draft draft, Clause clause);

    /// <summary>Sandhi and punctuation.</summary>
    protected abstract string Finish(Draft draft, bool statement);

    protected string? Word(ClosedWord? word) => word?[language];

    protected string Word(Preposition preposition, NounPhrase ground) =>
        preposition != Preposition.At || ground.Noun is null ? Lexicon.Word(preposition)[language] : Lexicon.Locative(ground.Noun)[language];

    protected string Word(Conjunction conjunction) => Lexicon.Word(conjunction)[language];

    protected string? Word(Frequency? frequency) => frequency is { } often ? Lexicon.Word(often)[language] : null;

    /// <summary>Row of a paradigm 1sg, 3sg, 1pl, 3pl.</summary>
    protected static int Cell(NounPhrase subject) => (subject.IsSpeaker ? 0 : 1) + (subject.Agreement == Number.Plural ? 2 : 0);

    protected static Gap GapOf(Mood mood) => mood switch
    {
        Mood.AskSubject => Gap.Subject,
        Mood.AskObject => Gap.Object,
        Mood.AskPlace => Gap.Place,
        Mood.AskTime => Gap.Time,
        _ => Gap.None,
    };

    /// <summary>The object that a question or a relative clause can ask for.</summary>
    internal static NounPhrase? ObjectOf(Predicate predicate) => predicate switch
    {
        Action action => action.Object,
        Has has => has.Object,
        _ => null,
    };

    /// <summary>The clause of a question: no fronted time, and who agrees with a third person singular whatever the answer is.</summary>
    protected static Clause AsAsked(Clause clause, Mood mood) => mood switch
    {
        Mood.Statement => clause,
        Mood.AskSubject => clause with { TimeFirst = false, Subject = NounPhrase.Person(Gender.Masculine) },
        _ => clause with { TimeFirst = false },
    };
}
