namespace SaeNotebooks.Training.Corpus;

/// <summary>
/// A German finite verb, what closes the clause (participle or infinitives), and a separable particle, which stands at the end of
/// a main clause and is written together with the finite verb at the end of a subordinate one.
/// </summary>
internal readonly record struct GermanVerbGroup(string Finite, string? Closing, string? Particle)
{
    private static readonly string[] Haben = ["habe", "hat", "haben", "haben"];
    private static readonly string[] Hatte = ["hatte", "hatte", "hatten", "hatten"];
    private static readonly string[] Sein = ["bin", "ist", "sind", "sind"];
    private static readonly string[] War = ["war", "war", "waren", "waren"];
    private static readonly string[] Werden = ["werde", "wird", "werden", "werden"];
    private static readonly string[] Gab = ["gab", "gab", "gaben", "gaben"];
    private static readonly string[] Gibt = ["gebe", "gibt", "geben", "geben"];

    /// <summary>Present 1sg = 3sg, plural; past singular; infinitive. The last row denies must.</summary>
    private static readonly string[][] Modals =
    [
        ["kann", "können", "konnte", "können"], ["muss", "müssen", "musste", "müssen"],
        ["will", "wollen", "wollte", "wollen"], ["darf", "dürfen", "durfte", "dürfen"],
    ];

    /// <summary>Whether something stands at the end of a main clause.</summary>
    public bool Closes => !string.IsNullOrEmpty(Closing) || !string.IsNullOrEmpty(Particle);

    /// <summary>The group for a clause; after nachdem a past event needs the pluperfect.</summary>
    public static GermanVerbGroup Of(Clause clause, int cell, bool pluperfect = false)
    {
        if (clause.Modal is { } modal)
            return OfModal(Modals[clause.Negated && modal == Modal.Must ? 3 : (int)modal], clause, cell);
        if (clause.Tense == Tense.Future)
            return new(Werden[cell], Infinitive(clause.Predicate), null);
        var past = clause.Tense == Tense.Past;
        return clause.Predicate switch
        {
            Action action when past => Perfect(action.Verb.German, cell, pluperfect),
            Action action => new(action.Verb.German.Present[cell], null, action.Verb.German.Particle),
            Has => new((past ? Hatte : Haben)[cell], null, null),
            Exists => new((past ? Gab : Gibt)[cell], null, null),
            _ => new((past ? War : Sein)[cell], null, null),
        };
    }

    /// <summary>hat gegessen, ist gegangen; hatte gegessen</summary>
    public static GermanVerbGroup Perfect(GermanVerb verb, int cell, bool pluperfect)
    {
        var auxiliary = verb.TakesSein ? (pluperfect ? War : Sein) : pluperfect ? Hatte : Haben;
        return new(auxiliary[cell], verb.Participle, null);
    }

    private static GermanVerbGroup OfModal(string[] forms, Clause clause, int cell)
    {
        var plural = cell >= 2;
        var infinitive = Infinitive(clause.Predicate);
        return clause.Tense switch
        {
            Tense.Present => new(forms[plural ? 1 : 0], infinitive, null),
            Tense.Past => new(plural ? forms[2] + "n" : forms[2], infinitive, null),
            _ => new(Werden[cell], infinitive + " " + forms[3], null),
        };
    }

    private static string Infinitive(Predicate predicate) => predicate switch
    {
        Action action => action.Verb.German.Infinitive,
        Has => "haben",
        Exists => "geben",
        _ => "sein",
    };
}
