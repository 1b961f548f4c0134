namespace SaeNotebooks.Training.Corpus;

/// <summary>Forms of a noun in one language and one gender; <see cref="Plural"/> is null for a mass.</summary>
public sealed record NounForm(Gender Gender, string Singular, string? Plural, string? Weak = null)
{
    /// <summary>The form for a number; a mass has only a singular.</summary>
    public string For(Number number) => number == Number.Plural ? Plural ?? Singular : Singular;
}

/// <summary>A noun that has one gender, or a masculine and a feminine for persons.</summary>
public sealed record GenderedNoun(IReadOnlyList<NounForm> Groups)
{
    /// <summary>The form for a person of that gender; nouns with one form ignore it.</summary>
    public NounForm For(Gender natural) => Groups.Count == 1 || natural == Groups[0].Gender ? Groups[0] : Groups[1];
}

/// <summary>A Vietnamese noun with its classifier, which may be empty.</summary>
public sealed record ClassifiedNoun(string Classifier, string Word);

/// <summary>One sense of a noun, with its word in every language.</summary>
public sealed class Noun
{
    private static readonly string[] Classes =
    [
        "person", "animal", "food", "drink", "plant", "place", "building", "vehicle", "tool", "furniture",
        "clothing", "body", "container", "document", "nature", "abstract", "event",
    ];

    internal static readonly string[] Columns = ["id", "class", "freq", "en", "fr", "de", "es", "vi"];

    internal Noun(Row row)
    {
        Id = row["id"];
        Class = Classes.Contains(row["class"]) ? row["class"] : throw row.Bad("class", string.Join(' ', Classes));
        Frequency = row.Frequency();
        var english = row.Parts("en", 2, 2);
        English = new NounForm(Gender.Neuter, english[0], Plural(english[1]));
        French = Gendered(row, "fr", 3);
        German = Gendered(row, "de", 4);
        Spanish = Gendered(row, "es", 3);
        var vietnamese = row.Parts("vi", 2, 2);
        Vietnamese = new ClassifiedNoun(vietnamese[0], vietnamese[1]);
        CheckMass(row);
    }

    /// <summary>Names the sense, e.g. <c>bank.river</c>.</summary>
    public string Id { get; }

    /// <summary>The id of the first sense that shares a form with this one in some language, directly or by way of others.</summary>
    public string Group { get; internal set; } = "";

    /// <summary>The semantic class by which verbs and adjectives choose.</summary>
    public string Class { get; }

    /// <summary>From 1, rare, to 5, very common.</summary>
    public int Frequency { get; }

    /// <summary>English forms.</summary>
    public NounForm English { get; }

    /// <summary>French forms.</summary>
    public GenderedNoun French { get; }

    /// <summary>German forms.</summary>
    public GenderedNoun German { get; }

    /// <summary>Spanish forms.</summary>
    public GenderedNoun Spanish { get; }

    /// <summary>Vietnamese classifier and word.</summary>
    public ClassifiedNoun Vietnamese { get; }

    /// <summary>Whether the noun has no plural, in any language.</summary>
    public bool IsMass => English.Plural is null;

    /// <summary>Whether it names persons.</summary>
    public bool IsPerson => Class == "person";

    /// <summary>The natural genders that a referent can have: persons only, else masculine as a placeholder.</summary>
    public IReadOnlyList<Gender> Genders =>
        !IsPerson ? [Gender.Masculine]
        : French.Groups.Count + German.Groups.Count + Spanish.Groups.Count > 3 ? [Gender.Masculine, Gender.Feminine]
        : [French.Groups[0].Gender];

    /// <inheritdoc/>
    public override string ToString() => Id;

    private static GenderedNoun Gendered(Row row, string column, int most) =>
        new([.. row.Groups(column, 3, most).Select(parts => Form(row, column, parts))]);

    private static NounForm Form(Row row, string column, string[] parts)
    {
        var gender = parts[0] switch
        {
            "m" => Gender.Masculine,
            "f" => Gender.Feminine,
            "n" when column == "de" => Gender.Neuter,
            _ => throw row.Bad(column, "a group that starts with a gender"),
        };
        return new NounForm(gender, parts[1], Plural(parts[2]), parts.Length > 3 ? parts[3] : null);
    }

    private static string? Plural(string part) => part is "-" or "" ? null : part;

    private void CheckMass(Row row)
    {
        foreach (var (column, noun) in new[] { ("fr", French), ("de", German), ("es", Spanish) })
            if (noun.Groups.Any(form => form.Plural is null != IsMass))
                throw row.Bad(column, IsMass ? "'-' as plural, as in English" : "a plural, as in English");
    }
}
