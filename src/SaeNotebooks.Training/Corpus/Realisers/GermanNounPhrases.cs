namespace SaeNotebooks.Training.Corpus;

/// <summary>German articles, adjective endings, cases of nouns and pronouns.</summary>
internal static class GermanNounPhrases
{
    /// <summary>Columns masculine, feminine, neuter, plural; rows in the order of <see cref="GermanCase"/>.</summary>
    private static readonly string[][] Definite =
    [
        ["der", "die", "das", "die"], ["den", "die", "das", "die"], ["dem", "der", "dem", "den"], ["des", "der", "des", "der"],
    ];
    private static readonly string[][] DerEndings =
    [
        ["er", "e", "es", "e"], ["en", "e", "es", "e"], ["em", "er", "em", "en"], ["es", "er", "es", "er"],
    ];
    private static readonly string[][] EinEndings =
    [
        ["", "e", "", "e"], ["en", "e", "", "e"], ["em", "er", "em", "en"], ["es", "er", "es", "er"],
    ];
    private static readonly string[][] Weak =
    [
        ["e", "e", "e", "en"], ["en", "e", "e", "en"], ["en", "en", "en", "en"], ["en", "en", "en", "en"],
    ];
    private static readonly string[][] Mixed =
    [
        ["er", "e", "es", "en"], ["en", "e", "es", "en"], ["en", "en", "en", "en"], ["en", "en", "en", "en"],
    ];
    private static readonly string[][] Strong =
    [
        ["er", "e", "es", "e"], ["en", "e", "es", "e"], ["em", "er", "em", "en"], ["en", "er", "en", "er"],
    ];
    private static readonly string[] Possessives = ["mein", "sein", "ihr", "unser", "ihr"];
    private static readonly string[] Quantities = ["zwei", "drei", "vier", "fünf"];
    private static readonly string[][] ThirdPerson =
    [
        ["er", "sie", "es", "sie"], ["ihn", "sie", "es", "sie"], ["ihm", "ihr", "ihm", "ihnen"], ["seiner", "ihrer", "seiner", "ihrer"],
    ];
    private static readonly string[][] Speaker = [["ich", "wir"], ["mich", "uns"], ["mir", "uns"], ["meiner", "unser"]];

    /// <summary>Column of the tables: the grammatical gender, or the plural.</summary>
    public static int Column(NounPhrase phrase)
    {
        if (phrase.Agreement == Number.Plural)
            return 3;
        return (int)(phrase.Noun is { } noun ? noun.German.For(phrase.Gender).Gender : phrase.Gender);
    }

    /// <summary>A personal pronoun.</summary>
    public static string Pronoun(NounPhrase phrase, GermanCase @case) =>
        phrase.IsSpeaker ? Speaker[(int)@case][(int)phrase.Number] : ThirdPerson[(int)@case][Column(phrase)];

    /// <summary>A relative pronoun for this head.</summary>
    public static string Relative(NounPhrase head, GermanCase @case) =>
        Column(head) == 3 && @case == GermanCase.Dative ? "denen" : Definite[(int)@case][Column(head)];

    /// <summary>Article, adjective and noun; with <paramref name="denied"/> an indefinite article becomes kein.</summary>
    public static void Core(Draft draft, NounPhrase phrase, GermanCase @case, bool denied)
    {
        var form = phrase.Noun!.German.For(phrase.Gender);
        var (row, column) = ((int)@case, phrase.Number == Number.Plural ? 3 : (int)form.Gender);
        var (article, endings) = Article(phrase, row, column, denied);
        draft.Add(article);
        if (phrase.Adjective is { } adjective)
            draft.Add(adjective.German.Stem.EndsWith('e') ? adjective.German.Stem + endings[row][column][1..] : adjective.German.Stem + endings[row][column]);
        draft.Add(Noun(form, phrase.Number, @case));
        if (phrase.Determiner == Determiner.That)
            draft.Add("dort");
    }

    private static (string? Article, string[][] Endings) Article(NounPhrase phrase, int row, int column, bool denied)
    {
        var ein = EinEndings[row][column];
        return phrase.Determiner switch
        {
            Determiner.Indefinite when denied => ("kein" + ein, Mixed),
            Determiner.Indefinite when column == 3 || phrase.Noun!.IsMass => (null, Strong),
            Determiner.Indefinite => ("ein" + ein, Mixed),
            Determiner.Definite when phrase.Possessor?.Name is not null => (null, Strong),
            Determiner.Definite or Determiner.That => (Definite[row][column], Weak),
            Determiner.This => ("dies" + DerEndings[row][column], Weak),
            Determiner.All => ("all" + DerEndings[row][column], Weak),
            Determiner.Many => ("viel" + DerEndings[row][column], Strong),
            >= Determiner.Two => (Quantities[phrase.Determiner - Determiner.Two], Strong),
            _ => (Possessives[phrase.Determiner - Determiner.My] + ein, Mixed),
        };
    }

    private static string Noun(NounForm form, Number number, GermanCase @case)
    {
        if (number == Number.Plural)
            return @case == GermanCase.Dative && form.Plural![^1] is not ('n' or 's') ? form.Plural + "n" : form.Plural!;
        if (form.Weak is not null)
            return @case == GermanCase.Nominative ? form.Singular : form.Weak;
        return @case == GermanCase.Genitive && form.Gender != Gender.Feminine ? form.Singular + GenitiveEnding(form.Singular) : form.Singular;
    }

    /// <summary>-ses after -nis and -bus, -es after a sibilant and in words of one syllable that end in d, t, g, b, f or nn, else -s.</summary>
    private static string GenitiveEnding(string noun)
    {
        if (noun.EndsWith("nis", StringComparison.Ordinal) || noun.EndsWith("bus", StringComparison.OrdinalIgnoreCase))
            return "ses";
        var syllables = 0;
        for (var i = 0; i < noun.Length; i++)
            if (IsVowel(noun[i]) && (i == 0 || !IsVowel(noun[i - 1])))
                syllables++;
        return noun[^1] is 's' or 'ß' or 'x' or 'z' || (syllables == 1 && (noun[^1] is 'd' or 't' or 'g' or 'b' or 'f' || noun.EndsWith("nn", StringComparison.Ordinal))) ? "es" : "s";
    }

    private static bool IsVowel(char letter) => "aeiouäöüyAEIOUÄÖÜY".Contains(letter);
}
