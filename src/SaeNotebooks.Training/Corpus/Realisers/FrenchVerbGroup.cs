namespace SaeNotebooks.Training.Corpus;

/// <summary>A French finite verb and the infinitive or participle that follows it.</summary>
internal readonly record struct FrenchVerbGroup(string Finite, string? Rest)
{
    private static readonly string[] Avoir = ["ai", "a", "avons", "ont"];
    private static readonly string[] Etre = ["suis", "est", "sommes", "sont"];
    private static readonly string[] FutureEndings = ["ai", "a", "ons", "ont"];
    private static readonly string[] ImperfectEndings = ["ais", "ait", "ions", "aient"];
    private static readonly string[][] Modals =
    [
        ["peux", "peut", "pouvons", "peuvent", "pouv", "pourr"],
        ["dois", "doit", "devons", "doivent", "dev", "devr"],
        ["veux", "veut", "voulons", "veulent", "voul", "voudr"],
    ];

    /// <summary>
    /// The group for a clause; <paramref name="subject"/> gives gender and number of a participle with être,
    /// <paramref name="precedingObject"/> those of a participle with avoir.
    /// </summary>
    public static FrenchVerbGroup Of(Clause clause, int cell, (Gender, Number) subject, (Gender, Number)? precedingObject)
    {
        if (clause.Modal is { } modal)
            return new(Form(clause.Tense, cell, Modals[(int)modal][..4], Modals[(int)modal][4], Modals[(int)modal][5]), Infinitive(clause.Predicate));
        return clause.Predicate switch
        {
            Action action => Of(action.Verb.French, clause.Tense, cell, subject, precedingObject),
            Has or Exists => new(Form(clause.Tense, cell, Avoir, "av", "aur"), null),
            _ => new(Form(clause.Tense, cell, Etre, "ét", "ser"), null),
        };
    }

    /// <summary>après avoir mangé, après être partie</summary>
    public static string PerfectInfinitive(FrenchVerb verb, (Gender, Number) subject) =>
        verb.TakesEtre ? "être " + Agree(verb.Participle, subject) : "avoir " + verb.Participle;

    /// <summary>The infinitive of a predicate.</summary>
    public static string Infinitive(Predicate predicate) => predicate switch
    {
        Action action => action.Verb.French.Infinitive,
        Has => "avoir",
        _ => "être",
    };

    private static FrenchVerbGroup Of(FrenchVerb verb, Tense tense, int cell, (Gender, Number) subject, (Gender, Number)? precedingObject) => tense switch
    {
        Tense.Present => new(verb.Present[cell], null),
        Tense.Future => new(verb.FutureStem + FutureEndings[cell], null),
        _ when verb.TakesEtre => new(Etre[cell], Agree(verb.Participle, subject)),
        _ => new(Avoir[cell], precedingObject is { } item ? Agree(verb.Participle, item) : verb.Participle),
    };

    /// <summary>States have the imperfect as their past.</summary>
    private static string Form(Tense tense, int cell, string[] present, string imperfectStem, string futureStem) => tense switch
    {
        Tense.Present => present[cell],
        Tense.Past => imperfectStem + ImperfectEndings[cell],
        _ => futureStem + FutureEndings[cell],
    };

    private static string Agree(string participle, (Gender Gender, Number Number) with)
    {
        var feminine = with.Gender == Gender.Feminine ? participle + "e" : participle;
        return with.Number == Number.Plural && !feminine.EndsWith('s') ? feminine + "s" : feminine;
    }
}
