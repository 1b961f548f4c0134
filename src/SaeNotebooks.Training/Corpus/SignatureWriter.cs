using System.Text;

namespace SaeNotebooks.Training.Corpus;

/// <summary>
/// Writes the lemmas and the frame of a meaning; names and pronouns count as one lemma each, adjuncts do not count. Senses that share a
/// form in some language are written alike, and so are prepositions: two meanings with one text have one signature.
/// </summary>
internal static class SignatureWriter
{
    /// <summary>Signatures of all clauses, joined.</summary>
    public static string Write(Meaning meaning) => string.Join(" + ", meaning.Clauses().Select(Write));

    /// <summary>The signature of one clause without the clauses inside it, e.g. <c>eat(dog, apple)</c>.</summary>
    public static string Write(Clause clause)
    {
        var text = new StringBuilder();
        text.Append(Head(clause.Predicate)).Append('(').Append(Lemma(clause.Subject));
        foreach (var complement in clause.Predicate.Complements())
            text.Append(", ").Append(Lemma(complement));
        return text.Append(')').ToString();
    }

    /// <summary>The signature of a noun's being so, which is also that of a clause that says nothing else.</summary>
    public static string Described(Adjective adjective, NounPhrase described) => $"be {adjective.Group}({described.Noun!.Group})";

    private static string Head(Predicate predicate) => predicate switch
    {
        Action action => action.Verb.Group,
        Quality { Than: null } quality => "be " + quality.Adjective.Group,
        Quality quality => "be more " + quality.Adjective.Group,
        Located => "be located",
        Exists => "exist",
        Has => "have",
        _ => "be",
    };

    private static string Lemma(NounPhrase phrase) =>
        phrase.IsPronoun ? "pronoun"
        : phrase.Name is { } name ? name.Kind
        : phrase.Adjective is { } adjective ? adjective.Group + " " + phrase.Noun!.Group
        : phrase.Noun!.Group;

    /// <summary>Nouns, verbs and adjectives in a clause, without the clauses inside it.</summary>
    public static int Lemmas(Clause clause) =>
        (clause.Predicate is Action or Quality ? 1 : 0) + clause.Predicate.Complements().Prepend(clause.Subject).Sum(Lemmas);

    private static int Lemmas(NounPhrase phrase) => !phrase.IsCommon ? 0 : phrase.Adjective is null ? 1 : 2;
}
