namespace SaeNotebooks.Training.Corpus;

/// <summary>Which part of all meanings is asked for.</summary>
public enum Split
{
    /// <summary>Meanings that training may see.</summary>
    Train,
    /// <summary>Meanings with a combination of lemmas and frame that training never sees.</summary>
    Test,
}

/// <summary>Holds out combinations of lemmas and frames by a stable hash.</summary>
public static class HeldOut
{
    private const double Share = 0.02;

    /// <summary>Whether any clause of the meaning is a held-out combination.</summary>
    public static bool IsTest(Meaning meaning) => meaning.Clauses().Any(IsTest);

    /// <summary>Whether the meaning belongs to the split.</summary>
    public static bool Contains(this Split split, Meaning meaning) => IsTest(meaning) == (split == Split.Test);

    private static bool IsTest(Clause clause) => StableHash.Of(SignatureWriter.Write(clause)) < (ulong)(Share * ulong.MaxValue);
}
