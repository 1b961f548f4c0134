namespace SaeNotebooks.Training.Corpus;

/// <summary>English determiners and pronouns.</summary>
internal static class EnglishNounPhrases
{
    private static readonly string[] SubjectSpeaker = ["I", "we"];
    private static readonly string[] Possessives = ["my", "his", "her", "our", "their"];
    private static readonly string[] Quantities = ["two", "three", "four", "five", "many", "all the"];

    /// <summary>What stands before the noun; a is a until it meets a vowel.</summary>
    public static string? Article(NounPhrase phrase)
    {
        var plural = phrase.Number == Number.Plural;
        return phrase.Determiner switch
        {
            Determiner.Definite => "the",
            Determiner.Indefinite => plural || phrase.Noun!.IsMass ? null : "a",
            Determiner.This => plural ? "these" : "this",
            Determiner.That => plural ? "those" : "that",
            >= Determiner.Two => Quantities[phrase.Determiner - Determiner.Two],
            _ => Possessives[phrase.Determiner - Determiner.My],
        };
    }

    /// <summary>I, me, he, him, it, …</summary>
    public static string Pronoun(NounPhrase phrase, bool isObject)
    {
        var plural = phrase.Number == Number.Plural;
        if (phrase.IsSpeaker)
            return isObject ? (plural ? "us" : "me") : SubjectSpeaker[plural ? 1 : 0];
        if (plural)
            return isObject ? "them" : "they";
        if (phrase.Noun is not null)
            return "it";
        return phrase.Gender == Gender.Feminine ? (isObject ? "her" : "she") : isObject ? "him" : "he";
    }
}
