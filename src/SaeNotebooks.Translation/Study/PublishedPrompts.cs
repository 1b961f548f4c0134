using SaeNotebooks.Translation.Discovery;

namespace SaeNotebooks.Translation.Study;

/// <summary>Wordings of translation prompts for published models in several languages: <c>data/tasks/published-*.tsv</c>, and the authors' in English.</summary>
public sealed class PublishedPrompts
{
    private readonly ILookup<string, PromptTemplate> _templates;
    private readonly Dictionary<(string Language, string Named), string> _names;

    private PublishedPrompts(ILookup<string, PromptTemplate> templates, Dictionary<(string, string), string> names) => (_templates, _names) = (templates, names);

    /// <summary>Names languages in English prompts too; by default those prompts hold the code (<c>zh</c>), as the authors' do.</summary>
    public bool NameInEnglish { get; init; }

    /// <summary>Languages in which there are wordings; English first.</summary>
    public IReadOnlyList<string> Languages => ["en", .. _templates.Select(t => t.Key)];

    /// <summary>Reads the tables.</summary>
    /// <param name="folder">by default <c>tasks</c> of the data folder</param>
    /// <param name="nameInEnglish">see <see cref="NameInEnglish"/></param>
    /// <exception cref="FormatException">a row is wrong; the message names file and line</exception>
    public static PublishedPrompts Load(string? folder = null, bool nameInEnglish = false)
    {
        folder ??= DataFolder.Combine("tasks");
        var prompts = Rows(Path.Combine(folder, "published-prompts.tsv"));
        var names = Rows(Path.Combine(folder, "published-language-names.tsv"));
        return new(prompts.Skip(1).ToLookup(r => r[0], r => new PromptTemplate(r[1], r[2])),
            (from row in names.Skip(1) from cell in row.Index().Skip(1) select (Key: (row[0], names[0][cell.Index]), cell.Item)).ToDictionary(c => c.Key, c => c.Item)) { NameInEnglish = nameInEnglish };
    }

    /// <summary>The wordings of a language.</summary>
    /// <param name="language">its code</param>
    /// <param name="generation">the authors' for generation, of which the third differs, or those for discovery</param>
    /// <exception cref="ArgumentException">there are none</exception>
    public IReadOnlyList<PromptTemplate> In(string language, bool generation) => language == "en" ? generation ? AuthorsPrompts.Generation : AuthorsPrompts.Discovery
        : _templates.Contains(language) ? [.. _templates[language]]
        : throw new ArgumentException($"There are no wordings in '{language}'; there are some in {string.Join(", ", Languages)}.", nameof(language));

    /// <summary>What a prompt calls a language.</summary>
    /// <exception cref="ArgumentException">it has no name for it</exception>
    public string Name(string language, string named) => language == "en" && !NameInEnglish ? named
        : _names.TryGetValue((language, named), out var name) ? name
        : throw new ArgumentException($"published-language-names.tsv does not say what '{named}' is called in '{language}'.", nameof(named));

    private static List<string[]> Rows(string path)
    {
        List<string[]> rows = [.. File.ReadAllLines(path).Select(l => l.Split('\t'))];
        var odd = rows.FindIndex(r => r.Length != rows[0].Length);
        return odd < 0 ? rows : throw new FormatException($"{path}, line {odd + 1}: expected {rows[0].Length} cells, found {rows[odd].Length}.");
    }
}
