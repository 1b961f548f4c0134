namespace SaeNotebooks.Training.Corpus;

/// <summary>A question about a statement, with a short answer.</summary>
public sealed class Question
{
    private readonly Grammar grammar;
    private readonly Meaning meaning;

    private Question(Grammar grammar, Meaning meaning)
    {
        this.grammar = grammar;
        this.meaning = meaning;
    }

    /// <summary>What is asked for.</summary>
    public Mood Asks => meaning.Mood;

    /// <summary>The question, e.g. <c>Where does the cat sleep?</c></summary>
    public string Text(Language language) => grammar.Realize(meaning, language);

    /// <summary>The answer, a phrase with a full stop, e.g. <c>In the garden.</c></summary>
    public string Answer(Language language) => grammar.Answer(meaning, language);

    internal static Question? About(Grammar grammar, Meaning statement, Rng rng)
    {
        var moods = Moods(statement.Main).ToList();
        return statement.Mood != Mood.Statement || moods.Count == 0 ? null
            : new Question(grammar, new Meaning(Plain(statement.Main), rng.Pick(moods), TenseMarked: statement.TenseMarked));
    }

    /// <summary>A question does not front the time and does not say how often.</summary>
    private static Clause Plain(Clause clause) => clause with { TimeFirst = false, Frequency = null };

    private static IEnumerable<Mood> Moods(Clause clause)
    {
        var (subject, isAction) = (clause.Subject, clause.Predicate is Action { Said: null });
        if (clause.Negated || clause.Frequency == Frequency.Never || clause.Predicate is Action { Said: not null })
            yield break;
        if (subject is { IsPerson: true, IsPronoun: false } && (isAction || clause.Predicate is Has))
            yield return Mood.AskSubject;
        if (clause.Predicate is Action { Verb.Frame: VerbFrame.Transitive } or Has)
            yield return Mood.AskObject;
        if (clause.Predicate is Located or Action { Verb.Frame: VerbFrame.Motion } || (clause.Place is not null && isAction))
            yield return Mood.AskPlace;
        if (clause.Time is not null && clause.Predicate is Action)
            yield return Mood.AskTime;
    }
}
