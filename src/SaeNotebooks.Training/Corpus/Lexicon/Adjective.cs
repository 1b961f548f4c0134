namespace SaeNotebooks.Training.Corpus;

/// <summary>English positive and comparative.</summary>
public sealed record EnglishAdjective(string Positive, string Comparative);

/// <summary>Forms m.sg, f.sg, m.pl, f.pl, the place relative to the noun, and the masculine before a vowel.</summary>
public sealed record RomanceAdjective(IReadOnlyList<string> Forms, bool Precedes, string? BeforeVowel, string? Comparative)
{
    /// <summary>The form that agrees.</summary>
    public string For(Gender gender, Number number) =>
        Forms[(gender == Gender.Feminine ? 1 : 0) + (number == Number.Plural ? 2 : 0)];
}

/// <summary>German predicate form, comparative, and the stem that takes endings.</summary>
public sealed record GermanAdjective(string Positive, string Comparative, string Stem);

/// <summary>One sense of an adjective, with its word in every language.</summary>
public sealed class Adjective
{
    internal static readonly string[] Columns = ["id", "classes", "freq", "en", "fr", "de", "es", "vi"];

    internal Adjective(Row row)
    {
        Id = row["id"];
        Classes = new ClassSet(row["classes"]);
        Frequency = row.Frequency();
        var english = row.Parts("en", 2, 2);
        English = new EnglishAdjective(english[0], english[1]);
        French = Romance(row, "fr");
        Spanish = Romance(row, "es");
        var german = row.Parts("de", 2, 3);
        German = new GermanAdjective(german[0], german[1], german.Length > 2 ? german[2] : german[0]);
        Vietnamese = row.Parts("vi", 1, 1)[0];
    }

    /// <summary>Names the sense.</summary>
    public string Id { get; }

    /// <summary>The id of the first sense that shares a form with this one in some language, directly or by way of others.</summary>
    public string Group { get; internal set; } = "";

    /// <summary>Noun classes that it can describe.</summary>
    public ClassSet Classes { get; }

    /// <summary>From 1, rare, to 5, very common.</summary>
    public int Frequency { get; }

    /// <summary>English forms.</summary>
    public EnglishAdjective English { get; }

    /// <summary>French forms.</summary>
    public RomanceAdjective French { get; }

    /// <summary>German forms.</summary>
    public GermanAdjective German { get; }

    /// <summary>Spanish forms.</summary>
    public RomanceAdjective Spanish { get; }

    /// <summary>The Vietnamese word.</summary>
    public string Vietnamese { get; }

    /// <inheritdoc/>
    public override string ToString() => Id;

    private static RomanceAdjective Romance(Row row, string column)
    {
        var p = row.Parts(column, 5, 7);
        if (p[4] is not ("pre" or "post"))
            throw row.Bad(column, "pre or post as 5th part");
        return new RomanceAdjective(p[..4], p[4] == "pre", Optional(p, 5), Optional(p, 6));
    }

    private static string? Optional(string[] parts, int index) => parts.Length > index && parts[index].Length > 0 ? parts[index] : null;
}
