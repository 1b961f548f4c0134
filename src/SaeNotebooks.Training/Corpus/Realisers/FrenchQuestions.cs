namespace SaeNotebooks.Training.Corpus;

/// <summary>French question words, with est-ce que.</summary>
internal static class FrenchQuestions
{
    /// <summary>The words that open a question; null for a statement.</summary>
    public static string? Words(Clause clause, Mood mood)
    {
        var preposition = (clause.Predicate as Action)?.Verb.French.Preposition;
        return mood switch
        {
            Mood.YesNo => "est-ce que",
            Mood.AskSubject => "qui",
            Mood.AskPlace => preposition == "de" ? "d'où est-ce que" : "où est-ce que",
            Mood.AskTime => "quand est-ce que",
            Mood.AskObject when Realiser.ObjectOf(clause.Predicate)!.IsPerson => preposition + " qui est-ce que",
            Mood.AskObject when string.IsNullOrEmpty(preposition) => "qu'est-ce que",
            Mood.AskObject => preposition + " quoi est-ce que",
            _ => null,
        };
    }
}
