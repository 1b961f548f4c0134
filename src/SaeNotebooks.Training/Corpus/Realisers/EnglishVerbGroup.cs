namespace SaeNotebooks.Training.Corpus;

/// <summary>English verbs: auxiliaries, do-support, third person -s.</summary>
internal static class EnglishVerbGroup
{
    private static readonly string[] Be = ["am", "is", "are", "are"];
    private static readonly string[] Was = ["was", "was", "were", "were"];

    /// <summary>The auxiliary, if there is one or do-support needs one, and what follows it; <paramref name="cell"/> is a row of 1sg, 3sg, 1pl, 3pl.</summary>
    public static (string? Auxiliary, string? Main) Of(Clause clause, int cell, bool inverted)
    {
        var bare = Bare(clause.Predicate);
        if (clause.Tense == Tense.Future)
            return ("will", Under(clause.Modal, bare));
        var past = clause.Tense == Tense.Past;
        if (clause.Modal is null && bare == "be")
            return ((past ? Was : Be)[cell], null);
        if (clause.Modal == Modal.Can)
            return (past ? "could" : "can", bare);
        if (clause.Modal == Modal.Must && !past)
            return ("must", bare);
        if (clause.Negated || inverted)
            return (past ? "did" : cell == 1 ? "does" : "do", Lexical(clause, bare));
        return (null, Inflected(clause, cell, past));
    }

    private static string Under(Modal? modal, string bare) => modal switch
    {
        Modal.Can => "be able to " + bare,
        Modal.Must => "have to " + bare,
        Modal.Want => "want to " + bare,
        _ => bare,
    };

    private static string Lexical(Clause clause, string bare) => clause.Modal is null ? bare : Under(clause.Modal, bare);

    private static string Inflected(Clause clause, int cell, bool past)
    {
        var third = cell == 1;
        return (clause.Modal, clause.Predicate) switch
        {
            (Modal.Must, _) => "had to " + Bare(clause.Predicate),
            (Modal.Want, _) => (past ? "wanted to " : third ? "wants to " : "want to ") + Bare(clause.Predicate),
            (_, Action action) => past ? action.Verb.English.Past : third ? action.Verb.English.ThirdSingular : action.Verb.English.Base,
            _ => past ? "had" : third ? "has" : "have",
        };
    }

    private static string Bare(Predicate predicate) => predicate switch
    {
        Action action => action.Verb.English.Base,
        Has => "have",
        _ => "be",
    };
}
