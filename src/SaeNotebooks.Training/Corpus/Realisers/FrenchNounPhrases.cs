namespace SaeNotebooks.Training.Corpus;

/// <summary>French determiners, adjectives and agreement.</summary>
internal static class FrenchNounPhrases
{
    private static readonly string[] Possessives = ["mon", "ma", "mes", "son", "sa", "ses", "son", "sa", "ses", "notre", "notre", "nos", "leur", "leur", "leurs"];
    private static readonly string[] Quantities = ["deux", "trois", "quatre", "cinq", "beaucoup de"];

    /// <summary>Grammatical gender and number that verbs and adjectives agree with.</summary>
    public static (Gender Gender, Number Number) Agreement(NounPhrase phrase)
    {
        var gender = phrase.Noun is { } noun ? noun.French.For(phrase.Gender).Gender : phrase.Gender;
        if (phrase.And is not { } second)
            return (gender, phrase.Number);
        return (gender == Gender.Feminine ? Agreement(second).Gender : gender, Number.Plural);
    }

    /// <summary>il, elle, ils, elles, je, nous; after a preposition lui, eux, moi.</summary>
    public static string Pronoun(NounPhrase phrase, bool stressed)
    {
        var plural = phrase.Number == Number.Plural;
        if (phrase.IsSpeaker)
            return plural ? "nous" : stressed ? "moi" : "je";
        if (Agreement(phrase).Gender == Gender.Feminine)
            return plural ? "elles" : "elle";
        return plural ? (stressed ? "eux" : "ils") : stressed ? "lui" : "il";
    }

    /// <summary>Determiner, adjectives and noun, without relative clause and possessor.</summary>
    public static void Core(Draft draft, NounPhrase phrase, bool bare)
    {
        var form = phrase.Noun!.French.For(phrase.Gender);
        var noun = form.For(phrase.Number);
        var adjective = phrase.Adjective?.French;
        var before = adjective is { Precedes: true } ? Attributive(adjective, form.Gender, phrase.Number, noun) : null;
        draft.Add(bare ? "de" : Article(phrase, form.Gender, before ?? noun, before is not null));
        draft.Add(before).Add(noun);
        if (adjective is { Precedes: false })
            draft.Add(adjective.For(form.Gender, phrase.Number));
        if (phrase.Determiner == Determiner.That)
            draft.Words[^1] += "-là";
    }

    private static string Attributive(RomanceAdjective adjective, Gender gender, Number number, string next) =>
        gender == Gender.Masculine && number == Number.Singular && adjective.BeforeVowel is { } form && FrenchSandhi.StartsWithVowel(next)
            ? form : adjective.For(gender, number);

    private static string Article(NounPhrase phrase, Gender gender, string next, bool adjectiveFirst)
    {
        var plural = phrase.Number == Number.Plural;
        var feminine = gender == Gender.Feminine;
        return phrase.Determiner switch
        {
            Determiner.Definite => Definite(feminine, plural),
            Determiner.Indefinite when phrase.Noun!.IsMass => "de " + Definite(feminine, plural),
            Determiner.Indefinite when plural => adjectiveFirst ? "de" : "des",
            Determiner.Indefinite => feminine ? "une" : "un",
            Determiner.This or Determiner.That => plural ? "ces" : feminine ? "cette" : FrenchSandhi.StartsWithVowel(next) ? "cet" : "ce",
            Determiner.All => (feminine ? "toutes " : "tous ") + "les",
            >= Determiner.Two => Quantities[phrase.Determiner - Determiner.Two],
            _ => Possessive(phrase.Determiner, feminine && !FrenchSandhi.StartsWithVowel(next), plural),
        };
    }

    private static string Possessive(Determiner determiner, bool feminine, bool plural) =>
        Possessives[(determiner - Determiner.My) * 3 + (plural ? 2 : feminine ? 1 : 0)];

    private static string Definite(bool feminine, bool plural) => plural ? "les" : feminine ? "la" : "le";
}
