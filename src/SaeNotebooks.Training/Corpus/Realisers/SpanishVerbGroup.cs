namespace SaeNotebooks.Training.Corpus;

/// <summary>A Spanish finite verb and the infinitive that follows it.</summary>
internal readonly record struct SpanishVerbGroup(string Finite, string? Rest)
{
    private static readonly string[] FutureEndings = ["é", "á", "emos", "án"];

    /// <summary>Present and imperfect 1sg, 3sg, 1pl, 3pl, and the future stem.</summary>
    private sealed record State(string[] Present, string[] Imperfect, string FutureStem);

    private static readonly State Ser = new(["soy", "es", "somos", "son"], ["era", "era", "éramos", "eran"], "ser");
    private static readonly State Estar = new(["estoy", "está", "estamos", "están"], ["estaba", "estaba", "estábamos", "estaban"], "estar");
    private static readonly State Tener = new(["tengo", "tiene", "tenemos", "tienen"], ["tenía", "tenía", "teníamos", "tenían"], "tendr");
    private static readonly State Haber = new(["hay", "hay", "hay", "hay"], ["había", "había", "había", "había"], "habr");
    private static readonly State Poder = new(["puedo", "puede", "podemos", "pueden"], ["podía", "podía", "podíamos", "podían"], "podr");
    private static readonly State Querer = new(["quiero", "quiere", "queremos", "quieren"], ["quería", "quería", "queríamos", "querían"], "querr");
    private static readonly State Deber = new(["debo", "debe", "debemos", "deben"], ["debía", "debía", "debíamos", "debían"], "deber");

    /// <summary>The group for a clause; <paramref name="isState"/> chooses estar for an adjective.</summary>
    public static SpanishVerbGroup Of(Clause clause, int cell, bool isState)
    {
        if (clause.Modal is { } modal)
            return OfModal(modal, clause, cell, isState);
        return clause.Predicate switch
        {
            Action action => new(Event(action.Verb.Spanish, clause.Tense, cell), null),
            Has => new(Form(Tener, clause.Tense, cell), null),
            Exists => new(Form(Haber, clause.Tense, 1), null),
            _ => new(Form(IsEstar(clause.Predicate, isState) ? Estar : Ser, clause.Tense, cell), null),
        };
    }

    private static SpanishVerbGroup OfModal(Modal modal, Clause clause, int cell, bool isState)
    {
        var infinitive = clause.Predicate switch
        {
            Action action => action.Verb.Spanish.Infinitive,
            Has => "tener",
            Exists => "haber",
            _ => IsEstar(clause.Predicate, isState) ? "estar" : "ser",
        };
        return modal switch
        {
            Modal.Can => new(Form(Poder, clause.Tense, cell), infinitive),
            Modal.Want => new(Form(Querer, clause.Tense, cell), infinitive),
            _ when clause.Negated => new(Form(Deber, clause.Tense, cell), infinitive),
            _ => new(Form(Tener, clause.Tense, cell), "que " + infinitive),
        };
    }

    private static bool IsEstar(Predicate predicate, bool isState) => predicate is Located || (predicate is Quality && isState);

    private static string Event(SpanishVerb verb, Tense tense, int cell) => tense switch
    {
        Tense.Present => verb.Present[cell],
        Tense.Past => verb.Preterite[cell],
        _ => verb.FutureStem + FutureEndings[cell],
    };

    /// <summary>States have the imperfect as their past.</summary>
    private static string Form(State verb, Tense tense, int cell) => tense switch
    {
        Tense.Present => verb.Present[cell],
        Tense.Past => verb.Imperfect[cell],
        _ => verb.FutureStem + FutureEndings[cell],
    };
}
