namespace SaeNotebooks.Training.Corpus;

/// <summary>A row of <c>closed.tsv</c>: a word or phrase of a closed class, in every language.</summary>
public sealed class ClosedWord
{
    internal static readonly string[] Columns = ["kind", "id", "features", "en", "fr", "de", "es", "vi"];
    private readonly string[] forms;

    internal ClosedWord(Row row)
    {
        Kind = row["kind"];
        Id = row["id"];
        Features = row["features"];
        var french = row["fr"].Normalize().Split(';');
        FrenchName = french[0];
        FrenchPreposition = french.Length > 1 ? french[1] : "à";
        if (Kind == "ground")
            Prepositions = [.. Features.Split(' ').Select(name =>
                Enum.TryParse<Preposition>(name, ignoreCase: true, out var preposition) ? preposition : throw row.Bad("features", "prepositions"))];
        forms = [.. Languages.All.Select(language => row[language.Code()].Normalize())];
    }

    /// <summary>The closed class: name, place, time, locative, preposition, conjunction, frequency, and word lists such as ground or estar.</summary>
    public string Kind { get; }

    /// <summary>Names the word in its class.</summary>
    public string Id { get; }

    /// <summary>Gender of a name, tenses of a time expression.</summary>
    public string Features { get; }

    /// <summary>A French name without the preposition that follows it after a semicolon.</summary>
    internal string FrenchName { get; }

    /// <summary>à Paris, en France, au Vietnam.</summary>
    internal string FrenchPreposition { get; }

    /// <summary>The prepositions that a ground allows.</summary>
    internal IReadOnlyList<Preposition> Prepositions { get; } = [];

    /// <summary>The form in a language.</summary>
    public string this[Language language] => forms[(int)language];

    /// <summary>Whether a time expression goes with the tense.</summary>
    public bool Fits(Tense tense) => Features.Contains(tense.ToString(), StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override string ToString() => Id;
}
