namespace SaeNotebooks.Training.Corpus;

/// <summary>What a verb takes besides its subject.</summary>
public enum VerbFrame
{
    /// <summary>Nothing: sleep.</summary>
    Intransitive,
    /// <summary>An object: eat something.</summary>
    Transitive,
    /// <summary>A theme and a recipient: give something to someone.</summary>
    Ditransitive,
    /// <summary>A place: go to, live in.</summary>
    Motion,
    /// <summary>A clause: say that.</summary>
    Clausal,
}

/// <summary>English verb forms; <see cref="Preposition"/> is empty before a direct object.</summary>
public sealed record EnglishVerb(string Base, string ThirdSingular, string Past, string Participle, string Gerund, string Preposition);

/// <summary>French verb forms; <see cref="Present"/> holds 1sg, 3sg, 1pl, 3pl.</summary>
public sealed record FrenchVerb(string Infinitive, IReadOnlyList<string> Present, string Participle, bool TakesEtre, string FutureStem, string Preposition);

/// <summary>German verb forms; <see cref="Present"/> holds 1sg, 3sg, 1pl, 3pl, without the separable particle.</summary>
public sealed record GermanVerb(string Infinitive, IReadOnlyList<string> Present, string Participle, bool TakesSein, string Preposition, GermanCase Case, string Particle);

/// <summary>Spanish verb forms; <see cref="Present"/> and <see cref="Preterite"/> hold 1sg, 3sg, 1pl, 3pl.</summary>
public sealed record SpanishVerb(string Infinitive, IReadOnlyList<string> Present, IReadOnlyList<string> Preterite, string FutureStem, string Preposition);

/// <summary>A Vietnamese verb.</summary>
public sealed record VietnameseVerb(string Word, string Preposition);

/// <summary>The four German cases.</summary>
public enum GermanCase
{
    /// <summary>Case of subjects.</summary>
    Nominative,
    /// <summary>Case of direct objects and goals.</summary>
    Accusative,
    /// <summary>Case of recipients and places.</summary>
    Dative,
    /// <summary>Case of possessors.</summary>
    Genitive,
}

/// <summary>One sense of a verb, with its word in every language.</summary>
public sealed class Verb
{
    internal static readonly string[] Columns = ["id", "frame", "subject", "object", "freq", "en", "fr", "de", "es", "vi"];

    internal Verb(Row row)
    {
        Id = row["id"];
        Frame = FrameOf(row);
        Subjects = new ClassSet(row["subject"]);
        Objects = new ClassSet(row["object"]);
        Frequency = row.Frequency();
        English = EnglishOf(row.Parts("en", 5, 6));
        French = FrenchOf(row, row.Parts("fr", 8, 9));
        German = GermanOf(row, row.Parts("de", 7, 8));
        Spanish = SpanishOf(row.Parts("es", 10, 11));
        var vietnamese = row.Parts("vi", 1, 2);
        Vietnamese = new VietnameseVerb(vietnamese[0], Optional(vietnamese, 1));
    }

    /// <summary>Names the sense.</summary>
    public string Id { get; }

    /// <summary>The id of the first sense that shares a form with this one in some language, directly or by way of others.</summary>
    public string Group { get; internal set; } = "";

    /// <summary>What it takes.</summary>
    public VerbFrame Frame { get; }

    /// <summary>Noun classes that can be its subject.</summary>
    public ClassSet Subjects { get; }

    /// <summary>Noun classes that can be its object, theme or place.</summary>
    public ClassSet Objects { get; }

    /// <summary>From 1, rare, to 5, very common.</summary>
    public int Frequency { get; }

    /// <summary>English forms.</summary>
    public EnglishVerb English { get; }

    /// <summary>French forms.</summary>
    public FrenchVerb French { get; }

    /// <summary>German forms.</summary>
    public GermanVerb German { get; }

    /// <summary>Spanish forms.</summary>
    public SpanishVerb Spanish { get; }

    /// <summary>Vietnamese word.</summary>
    public VietnameseVerb Vietnamese { get; }

    /// <summary>Whether its object is a direct object in every language, so that it can be relativised without a preposition.</summary>
    public bool HasDirectObject => Frame == VerbFrame.Transitive && English.Preposition.Length + French.Preposition.Length
        + German.Preposition.Length + Spanish.Preposition.Length + Vietnamese.Preposition.Length == 0;

    /// <inheritdoc/>
    public override string ToString() => Id;

    private static VerbFrame FrameOf(Row row) => row["frame"] switch
    {
        "intr" => VerbFrame.Intransitive,
        "tr" => VerbFrame.Transitive,
        "ditr" => VerbFrame.Ditransitive,
        "go" => VerbFrame.Motion,
        "say" => VerbFrame.Clausal,
        _ => throw row.Bad("frame", "intr, tr, ditr, go or say"),
    };

    private static EnglishVerb EnglishOf(string[] p) => new(p[0], p[1], p[2], p[3], p[4], Optional(p, 5));

    private static FrenchVerb FrenchOf(Row row, string[] p) =>
        new(p[0], p[1..5], p[5], Flag(row, "fr", p[6], "e", "a"), p[7], Optional(p, 8));

    private static GermanVerb GermanOf(Row row, string[] p)
    {
        var government = p[6].Split('+');
        var preposition = government.Length == 2 ? government[0] : "";
        var governed = government[^1] switch
        {
            "akk" or "-" => GermanCase.Accusative,
            "dat" => GermanCase.Dative,
            _ => throw row.Bad("de", "akk, dat, - or a preposition with +akk or +dat as 7th part"),
        };
        return new GermanVerb(p[0], [p[1], p[2], p[3], p[3]], p[4], Flag(row, "de", p[5], "s", "h"), preposition, governed, Optional(p, 7));
    }

    private static SpanishVerb SpanishOf(string[] p) => new(p[0], p[1..5], p[5..9], p[9], Optional(p, 10));

    private static bool Flag(Row row, string column, string part, string yes, string no) =>
        part == yes || (part == no ? false : throw row.Bad(column, $"the auxiliary {no} or {yes}"));

    private static string Optional(string[] parts, int index) => parts.Length > index ? parts[index] : "";
}
