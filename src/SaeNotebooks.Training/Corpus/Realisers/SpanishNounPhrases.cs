namespace SaeNotebooks.Training.Corpus;

/// <summary>Spanish determiners, adjectives and agreement.</summary>
internal static class SpanishNounPhrases
{
    private static readonly string[] Definite = ["el", "la", "los", "las"];
    private static readonly string[] Indefinite = ["un", "una", "unos", "unas"];
    private static readonly string[] This = ["este", "esta", "estos", "estas"];
    private static readonly string[] That = ["ese", "esa", "esos", "esas"];
    private static readonly string[] Our = ["nuestro", "nuestra", "nuestros", "nuestras"];
    private static readonly string[] Quantities = ["dos", "tres", "cuatro", "cinco"];

    /// <summary>Feminine nouns that begin with a stressed a and take el and un in the singular.</summary>
    private static readonly HashSet<string> StressedA = ["agua", "águila", "alma", "ala", "arma", "aula", "ave", "hacha", "hambre", "área", "ancla", "arpa"];

    /// <summary>Grammatical gender and number.</summary>
    public static (Gender Gender, Number Number) Agreement(NounPhrase phrase)
    {
        var gender = phrase.Noun is { } noun ? noun.Spanish.For(phrase.Gender).Gender : phrase.Gender;
        if (phrase.And is not { } second)
            return (gender, phrase.Number);
        return (gender == Gender.Feminine ? Agreement(second).Gender : gender, Number.Plural);
    }

    /// <summary>Determiner, adjective and noun; <paramref name="articled"/> gives an indefinite plural its unos.</summary>
    public static void Core(Draft draft, NounPhrase phrase, bool articled)
    {
        var form = phrase.Noun!.Spanish.For(phrase.Gender);
        var noun = form.For(phrase.Number);
        var adjective = phrase.Adjective?.Spanish;
        var cell = (form.Gender == Gender.Feminine ? 1 : 0) + (phrase.Number == Number.Plural ? 2 : 0);
        var before = adjective is { Precedes: true } ? adjective.BeforeVowel is { } apocope && cell == 0 ? apocope : adjective.Forms[cell] : null;
        draft.Add(Article(phrase, cell, before is null && StressedA.Contains(noun), articled)).Add(before).Add(noun);
        if (adjective is { Precedes: false })
            draft.Add(adjective.Forms[cell]);
    }

    private static string? Article(NounPhrase phrase, int cell, bool stressed, bool articled)
    {
        var plural = phrase.Number == Number.Plural;
        return phrase.Determiner switch
        {
            Determiner.Definite => Definite[stressed ? 0 : cell],
            Determiner.Indefinite when phrase.Noun!.IsMass || (plural && !articled) => null,
            Determiner.Indefinite => Indefinite[stressed ? 0 : cell],
            Determiner.This => This[cell],
            Determiner.That => That[cell],
            Determiner.My => plural ? "mis" : "mi",
            Determiner.Our => Our[cell],
            Determiner.Many => cell == 3 ? "muchas" : "muchos",
            Determiner.All => cell == 3 ? "todas las" : "todos los",
            >= Determiner.Two => Quantities[phrase.Determiner - Determiner.Two],
            _ => plural ? "sus" : "su",
        };
    }
}
