namespace SaeNotebooks.Training.Corpus;

/// <summary>What stands around a Vietnamese noun, and pronouns.</summary>
internal static class VietnameseNounPhrases
{
    private static readonly string[] Quantities = ["hai", "ba", "bốn", "năm", "nhiều"];

    /// <summary>Somebody's friend or mother goes without the classifier of persons.</summary>
    public static bool IsKin(NounPhrase phrase) =>
        phrase is { Number: Number.Singular, Noun.Vietnamese.Classifier: "người" } && (phrase.Determiner.IsPossessive() || phrase.Possessor is not null);

    /// <summary>các names a known group of persons; những, which goes with classifiers, leaves open which ones are meant.</summary>
    private static string Several(NounPhrase phrase) => phrase.Noun!.IsPerson && phrase.Noun.Vietnamese.Classifier.Length == 0 ? "các" : "những";

    /// <summary>một, những, a number, or nothing.</summary>
    public static string? Before(NounPhrase phrase)
    {
        var plural = phrase.Number == Number.Plural;
        return phrase.Determiner switch
        {
            Determiner.Indefinite when phrase.Noun!.IsMass => null,
            Determiner.Indefinite => plural ? "những" : "một",
            Determiner.All => "tất cả " + Several(phrase),
            >= Determiner.Two => Quantities[phrase.Determiner - Determiner.Two],
            Determiner.This or Determiner.That => plural ? "những" : null,
            _ => plural ? Several(phrase) : null,
        };
    }

    /// <summary>tôi, chúng tôi, anh ấy, cô ấy, nó, họ, chúng</summary>
    public static string Pronoun(NounPhrase phrase)
    {
        var plural = phrase.Number == Number.Plural;
        if (phrase.IsSpeaker)
            return plural ? "chúng tôi" : "tôi";
        if (phrase.Noun is not null)
            return plural ? "chúng" : "nó";
        return plural ? "họ" : phrase.Gender == Gender.Feminine ? "cô ấy" : "anh ấy";
    }

    /// <summary>Demonstratives and possessives follow everything else.</summary>
    public static string? After(Determiner determiner) => determiner switch
    {
        Determiner.This => "này",
        Determiner.That => "đó",
        Determiner.My => "của tôi",
        Determiner.His => "của anh ấy",
        Determiner.Her => "của cô ấy",
        Determiner.Our => "của chúng tôi",
        Determiner.Their => "của họ",
        _ => null,
    };
}
