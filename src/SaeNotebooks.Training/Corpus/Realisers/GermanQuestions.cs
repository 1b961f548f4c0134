namespace SaeNotebooks.Training.Corpus;

/// <summary>German question words: wo, wohin and woher, wen and wem, worauf.</summary>
internal static class GermanQuestions
{
    /// <summary>The question word, null for yes/no questions and statements.</summary>
    public static string? Word(Clause clause, Mood mood) => mood switch
    {
        Mood.AskSubject => "wer",
        Mood.AskTime => "wann",
        Mood.AskPlace => Where(clause),
        Mood.AskObject => WhatOrWhom(clause.Predicate),
        _ => null,
    };

    private static string Where(Clause clause) => clause switch
    {
        { AnyPlace: not null } => "wo",
        { Predicate: Action { Verb.German.Preposition: "aus" or "von" } } => "woher",
        { Predicate: Action { Verb.German: { Preposition: "zu" or "nach" } or { Case: GermanCase.Accusative } } } => "wohin",
        _ => "wo",
    };

    private static string WhatOrWhom(Predicate predicate)
    {
        var verb = (predicate as Action)?.Verb.German;
        var preposition = verb?.Preposition ?? "";
        if (Realiser.ObjectOf(predicate)!.IsPerson)
            return preposition + (verb?.Case == GermanCase.Dative ? " wem" : " wen");
        return preposition.Length == 0 ? "was" : ("aeiouäöü".Contains(preposition[0]) ? "wor" : "wo") + preposition;
    }
}
