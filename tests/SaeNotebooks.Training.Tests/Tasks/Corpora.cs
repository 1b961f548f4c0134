using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Tasks;

namespace SaeNotebooks.Training.Tests.Tasks;

/// <summary>The shipped lexicon and wordings, loaded once, and the first documents of a training stream.</summary>
internal static class Corpora
{
    public const int Count = 20_000;
    public const ulong Seed = 7;

    private static readonly Lazy<Grammar> LoadedGrammar = new(() => Grammar.Load(Folder("lexicon")));
    private static readonly Lazy<Wordings> LoadedWordings = new(() => Wordings.Load(Folder("tasks")));
    private static readonly Lazy<IReadOnlyList<Document>> Drawn = new(() =>
        [.. Enumerable.Range(0, Count).AsParallel().AsOrdered().Select(i => Stream(Seed)[i])]);

    public static Grammar Grammar => LoadedGrammar.Value;

    public static Wordings Wordings => LoadedWordings.Value;

    public static IReadOnlyList<Document> Documents => Drawn.Value;

    public static DocumentStream Stream(ulong seed, Mixture? mixture = null) => new(Grammar, Wordings, mixture ?? new Mixture(), seed);

    public static string Folder(string name)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "SaeNotebooks.sln"))) root = root.Parent!;
        return Path.Combine(root.FullName, "data", name);
    }
}
