using SaeNotebooks.Training.Corpus;

namespace SaeNotebooks.Training.Tasks;

/// <summary>What each language calls the others, in the forms that wordings need ("en français", "ins Französische").</summary>
public sealed class LanguageNames
{
    private static readonly string[] Forms = ["name", "the", "in", "into", "from", "adj", "adj2", "person", "place"];
    private static readonly string[] Columns = ["language", "named", .. Forms];

    private readonly Dictionary<(string Language, string Named), Row> _rows;

    private LanguageNames(IReadOnlyList<Row> rows) => _rows = rows.ToDictionary(r => (r["language"], r["named"]));

    /// <summary>Reads <c>language-names.tsv</c>.</summary>
    /// <exception cref="LexiconException">the file is missing or a row is wrong</exception>
    public static LanguageNames Load(string folder) => new(Table.Read(folder, "language-names.tsv", Columns));

    /// <summary>Whether wordings can ask for this form: a column of the table, or <c>code</c> (FR).</summary>
    public static bool HasForm(string form) => form == "code" || Forms.Contains(form);

    /// <summary>The name of <paramref name="named"/> in a sentence of <paramref name="language"/>.</summary>
    /// <param name="language">the language of the sentence around it</param>
    /// <param name="named">the language that is spoken of</param>
    /// <param name="form">a column of the table, or <c>code</c></param>
    public string this[Language language, Language named, string form] =>
        form == "code" ? named.Code().ToUpperInvariant() : _rows[(language.Code(), named.Code())][form];
}
