namespace SaeNotebooks.Training.Corpus;

/// <summary>All words: the open classes by sense, and the closed classes.</summary>
public sealed class LexiconTables
{
    private readonly Dictionary<string, ClosedWord[]> closed;
    private readonly Dictionary<string, ClosedWord> locatives;
    private readonly Dictionary<string, ClosedWord> grounds;
    private readonly HashSet<string> estar;
    private readonly ClosedWord[] prepositions;
    private readonly ClosedWord[] conjunctions;
    private readonly ClosedWord[] frequencies;

    private LexiconTables(string folder)
    {
        Nouns = Read(folder, "nouns.tsv", Corpus.Noun.Columns, row => new Noun(row), noun => noun.Id);
        Verbs = Read(folder, "verbs.tsv", Corpus.Verb.Columns, row => new Verb(row), verb => verb.Id);
        Adjectives = Read(folder, "adjectives.tsv", Corpus.Adjective.Columns, row => new Adjective(row), adjective => adjective.Id);
        Homonyms.Group(this);
        var words = Read(folder, "closed.tsv", ClosedWord.Columns, row => new ClosedWord(row), word => $"{word.Kind} {word.Id}");
        closed = words.GroupBy(word => word.Kind).ToDictionary(group => group.Key, group => group.ToArray());
        locatives = Closed("locative").ToDictionary(word => word.Id);
        grounds = Closed("ground").ToDictionary(word => word.Id);
        estar = [.. Closed("estar").Select(word => word.Id)];
        prepositions = ByEnum<Preposition>(folder, "preposition");
        conjunctions = ByEnum<Conjunction>(folder, "conjunction");
        Stories = Read(folder, "stories.tsv", StoryPlan.Columns, row => new StoryPlan(row), plan => plan.Id);
        foreach (var plan in Stories)
            plan.Check(this);
        frequencies = ByEnum<Frequency>(folder, "frequency");
    }

    /// <summary>Every noun sense.</summary>
    public IReadOnlyList<Noun> Nouns { get; }

    /// <summary>Every verb sense.</summary>
    public IReadOnlyList<Verb> Verbs { get; }

    /// <summary>Every adjective sense.</summary>
    public IReadOnlyList<Adjective> Adjectives { get; }

    /// <summary>Plots of stories.</summary>
    internal IReadOnlyList<StoryPlan> Stories { get; }

    /// <summary>Reads and checks the five tables of a folder.</summary>
    /// <exception cref="LexiconException">A file is missing or a row is wrong; the message names file, line and column.</exception>
    public static LexiconTables Load(string folder) => new(folder);

    /// <summary>The noun sense with this id.</summary>
    /// <exception cref="LexiconException">No such noun.</exception>
    public Noun Noun(string id) => Find(Nouns, noun => noun.Id == id, "noun", id);

    /// <summary>The verb sense with this id.</summary>
    /// <exception cref="LexiconException">No such verb.</exception>
    public Verb Verb(string id) => Find(Verbs, verb => verb.Id == id, "verb", id);

    /// <summary>The adjective sense with this id.</summary>
    /// <exception cref="LexiconException">No such adjective.</exception>
    public Adjective Adjective(string id) => Find(Adjectives, adjective => adjective.Id == id, "adjective", id);

    /// <summary>The words of a closed class; empty for a class that has none.</summary>
    public IReadOnlyList<ClosedWord> Closed(string kind) => closed.GetValueOrDefault(kind, []);

    /// <summary>The word of a closed class with this id.</summary>
    /// <exception cref="LexiconException">No such word.</exception>
    public ClosedWord Closed(string kind, string id) => Find(Closed(kind), word => word.Id == id, kind, id);

    internal ClosedWord Word(Preposition preposition) => prepositions[(int)preposition];

    internal ClosedWord Word(Conjunction conjunction) => conjunctions[(int)conjunction];

    internal ClosedWord Word(Frequency frequency) => frequencies[(int)frequency];

    /// <summary>The ordinary preposition of a ground: its own row if it has one, else in.</summary>
    internal ClosedWord Locative(Noun ground) =>
        locatives.GetValueOrDefault(ground.Id) ?? Word(Preposition.In);

    /// <summary>Whether a ground has a row of its own.</summary>
    internal bool HasLocative(Noun ground) => locatives.ContainsKey(ground.Id);

    /// <summary>The prepositions that make sense with a ground.</summary>
    internal IReadOnlyList<Preposition> Prepositions(Noun ground) =>
        (grounds.GetValueOrDefault(ground.Id) ?? grounds.GetValueOrDefault(ground.Class))?.Prepositions ?? [];

    /// <summary>Whether Spanish says it with estar: a state and not a quality.</summary>
    internal bool IsState(Adjective adjective) => estar.Contains(adjective.Id);

    private static List<T> Read<T>(string folder, string file, string[] columns, Func<Row, T> make, Func<T, string> key)
    {
        var seen = new HashSet<string>();
        var items = new List<T>();
        foreach (var row in Table.Read(folder, file, columns))
        {
            items.Add(make(row));
            if (!seen.Add(key(items[^1])))
                throw row.Bad("id", "an id that no earlier row has");
        }
        return items;
    }

    private ClosedWord[] ByEnum<T>(string folder, string kind) where T : struct, Enum =>
        [.. Enum.GetNames<T>().Select(name => Closed(kind).FirstOrDefault(word => word.Id.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new LexiconException($"{Path.Combine(folder, "closed.tsv")}: no row of kind {kind} with id {name.ToLowerInvariant()}."))];

    private static T Find<T>(IReadOnlyList<T> items, Func<T, bool> matches, string kind, string id) where T : class =>
        items.FirstOrDefault(matches) ?? throw new LexiconException($"The lexicon has no {kind} with id '{id}' among its {items.Count}.");
}
