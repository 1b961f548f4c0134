namespace SaeNotebooks.Training.Corpus;

/// <summary>The languages of the generated corpus.</summary>
public enum Language
{
    /// <summary>English (American spelling).</summary>
    English,
    /// <summary>French.</summary>
    French,
    /// <summary>German.</summary>
    German,
    /// <summary>Spanish.</summary>
    Spanish,
    /// <summary>Vietnamese.</summary>
    Vietnamese,
}

/// <summary>Codes and the list of languages.</summary>
public static class Languages
{
    private static readonly string[] Codes = ["en", "fr", "de", "es", "vi"];

    /// <summary>All languages, in the order of the enumeration.</summary>
    public static IReadOnlyList<Language> All { get; } = Enum.GetValues<Language>();

    /// <summary>The ISO 639-1 code, e.g. <c>fr</c>.</summary>
    public static string Code(this Language language) => Codes[(int)language];
}
