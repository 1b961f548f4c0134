namespace SaeNotebooks.Training.Corpus;

/// <summary>Meanings that are off by one word.</summary>
public static class WrongSense
{
    /// <summary>The meaning with one of its nouns exchanged for another of the same class that no language writes like it.</summary>
    /// <param name="meaning">the meaning</param>
    /// <param name="grammar">whose lexicon has the other nouns</param>
    /// <param name="rng">chooses the noun and the other one</param>
    /// <returns>null if it has no noun, or none that could be exchanged</returns>
    public static Meaning? Of(Meaning meaning, Grammar grammar, Rng rng)
    {
        var places = new List<(int Index, Noun[] Others)>();
        var at = 0;
        Visit(meaning, phrase =>
        {
            if (phrase is { IsCommon: true, Noun: { } noun } && Others(noun, grammar) is { Length: > 0 } others) places.Add((at, others));
            at++;
            return phrase;
        });
        if (places.Count == 0) return null;
        var (index, choices) = rng.Pick(places);
        var other = rng.Pick(choices);
        at = 0;
        return Visit(meaning, phrase => at++ == index
            ? phrase with { Noun = other, Gender = other.IsPerson && !other.Genders.Contains(phrase.Gender) ? other.Genders[0] : phrase.Gender }
            : phrase);
    }

    private static Noun[] Others(Noun noun, Grammar grammar) =>
        [.. grammar.Lexicon.Nouns.Where(other => other.Class == noun.Class && other.IsMass == noun.IsMass && other.Group != noun.Group)];

    private static Meaning Visit(Meaning meaning, Func<NounPhrase, NounPhrase> phrases) => new MeaningMap(phrases, clause => clause).Apply(meaning);
}
