using System.Text;

namespace SaeNotebooks.Training.Corpus;

/// <summary>Writes the lemmas and the frame of a meaning; names and pronouns count as one lemma each, adjuncts do not count.</summary>
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

    private static string Head(Predicate predicate) => predicate switch
    {
        Action action => action.Verb.Id,
        Quality { Than: null } quality => "be " + quality.Adjective.Id,
        Quality quality => "be more " + quality.Adjective.Id,
        Located located => "be " + located.Place.Preposition,
        Exists exists => "exist " + exists.Place.Preposition,
        Has => "have",
        _ => "be",
    };

    private static string Lemma(NounPhrase phrase) =>
        phrase.IsPronoun ? "pronoun"
        : phrase.Name is { } name ? name.Kind
        : phrase.Adjective is { } adjective ? adjective.Id + " " + phrase.Noun!.Id
        : phrase.Noun!.Id;
}
