namespace SaeNotebooks.Training.Corpus;

/// <summary>Which part of all meanings is asked for.</summary>
public enum Split
{
    /// <summary>Meanings that training may see.</summary>
    Train,
    /// <summary>Meanings with a combination of lemmas and frame that training never sees.</summary>
    Test,
}

/// <summary>
/// Holds out combinations of lemmas and frames by a stable hash. A clause of fewer than two lemmas (it is happy) is no combination: to
/// hold it out would take a word out of its most ordinary use. That a noun has a quality is held out with every phrase that says so: the
/// big bank, the bank is big.
/// </summary>
public static class HeldOut
{
    private const double Share = 0.02;

    /// <summary>Whether any clause or described noun of the meaning is a held-out combination.</summary>
    public static bool IsTest(Meaning meaning) => meaning.Clauses().Any(IsTest);

    /// <summary>Whether the meaning belongs to the split.</summary>
    public static bool Contains(this Split split, Meaning meaning) => IsTest(meaning) == (split == Split.Test);

    private static bool IsTest(Clause clause) =>
        (SignatureWriter.Lemmas(clause) >= 2 && IsHeld(SignatureWriter.Write(clause)))
        || clause.Phrases().Any(phrase => phrase is { IsCommon: true, Adjective: not null } && IsHeld(SignatureWriter.Described(phrase.Adjective, phrase)));

    private static bool IsHeld(string signature) => StableHash.Of(signature) < (ulong)(Share * ulong.MaxValue);
}
