using SaeNotebooks.Training.Corpus;

namespace SaeNotebooks.Training.Tasks;

/// <summary>All wordings of <c>wordings.tsv</c>, and the languages' names that they are filled in with. Immutable.</summary>
public sealed class Wordings
{
    private static readonly string[] Columns = ["id", "task", "language", "place", "strength", "split", "template"];

    private readonly Dictionary<string, Wording> _byId;
    private readonly LanguageNames _names;

    private Wordings(IReadOnlyList<Wording> all, LanguageNames names)
    {
        (All, _names) = (all, names);
        _byId = all.ToDictionary(w => w.Id);
    }

    /// <summary>Every wording, in the file's order.</summary>
    public IReadOnlyList<Wording> All { get; }

    /// <summary>Reads <c>wordings.tsv</c> and <c>language-names.tsv</c>.</summary>
    /// <exception cref="LexiconException">a file is missing or a row is wrong; the message names file, line and column</exception>
    public static Wordings Load(string folder)
    {
        var rows = Table.Read(folder, "wordings.tsv", Columns);
        if (rows.GroupBy(r => r["id"]).FirstOrDefault(g => g.Count() > 1) is { } twice) throw twice.Last().Bad("id", "an id of its own");
        return new Wordings([.. rows.Select(Parse)], LanguageNames.Load(folder));
    }

    /// <summary>The wording with this id.</summary>
    /// <exception cref="ArgumentException">there is none</exception>
    public Wording this[string id] => _byId.TryGetValue(id, out var wording)
        ? wording
        : throw new ArgumentException($"There is no wording '{id}'; ids look like {All[0].Id} and are listed in wordings.tsv.", nameof(id));

    /// <summary>The wordings with these properties; null means any.</summary>
    public IEnumerable<Wording> Where(TaskKind? task = null, WordingSplit? split = null, Strength? strength = null, Language? language = null) =>
        All.Where(w => (task ?? w.Task) == w.Task && (split ?? w.Split) == w.Split && (strength ?? w.Strength) == w.Strength
            && (language ?? w.Language) == w.Language);

    /// <summary>The prompt, with the line break that ends it.</summary>
    public IReadOnlyList<Segment> Prompt(Wording wording, Slots slots) =>
        [.. wording.Template.Fill(slots, wording.Language, _names), new Segment(Role.Break, Document.LineBreak)];

    /// <summary>Where the prompt of <see cref="Prompt"/> first names the target language: its first character and the one after its last; null if it does
    /// not. Known from the template, so a name that also occurs in the source is not mistaken for it.</summary>
    public (int Start, int End)? PlaceOfTarget(Wording wording, Slots slots) => wording.Template.PlaceOfTarget(slots, wording.Language, _names);

    private static Wording Parse(Row row)
    {
        var template = Template.Parse(row["template"]) ?? throw row.Bad("template", "one {src} and known slots such as {target.into}");
        var wording = new Wording(row["id"], template)
        {
            Task = Value<TaskKind>(row, "task"),
            Language = ParseLanguage(row),
            Place = Value<Place>(row, "place"),
            Strength = Value<Strength>(row, "strength"),
            Split = Value<WordingSplit>(row, "split"),
        };
        if (template.HasQuestion != (wording.Task == TaskKind.Answer)) throw row.Bad("template", "{question} in answer wordings and no others");
        return wording;
    }

    private static T Value<T>(Row row, string column) where T : struct, Enum
    {
        var names = Enum.GetNames<T>().Select(n => n.ToLowerInvariant()).ToList();
        var index = names.IndexOf(row[column]);
        return index >= 0 ? Enum.GetValues<T>()[index] : throw row.Bad(column, "one of " + string.Join(", ", names));
    }

    private static Language ParseLanguage(Row row)
    {
        var found = Languages.All.Where(l => l.Code() == row["language"]).ToList();
        return found is [var language] ? language : throw row.Bad("language", "one of " + string.Join(", ", Languages.All.Select(Languages.Code)));
    }
}
