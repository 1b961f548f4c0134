using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Embedded;
using SaeNotebooks.Training.Tasks;
using SaeNotebooks.Translation.Judging;

namespace SaeNotebooks.Translation.Tests;

/// <summary>The shipped lexicon and wordings, loaded once, and a judge.</summary>
internal static class Corpora
{
    private static readonly Lazy<EmbeddedCorpus> Loaded = new(() => new(DataFolder, new Mixture(), seed: 1));
    private static readonly Lazy<LanguageGuesser> Built = new(() => LanguageGuesser.Build(Grammar));

    public static EmbeddedCorpus Corpus => Loaded.Value;

    public static Grammar Grammar => Corpus.Grammar;

    public static LanguageGuesser Guesser => Built.Value;

    public static AnswerJudge Judge => new(Grammar, Guesser);

    public static TaskPrompts Prompts => new(Grammar, Corpus.Wordings);

    public static string DataFolder
    {
        get
        {
            var root = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(root.FullName, "SaeNotebooks.sln"))) root = root.Parent!;
            return Path.Combine(root.FullName, "data");
        }
    }
}
