using System.CommandLine;
using SaeNotebooks.Tokenization.Chats;
using SaeNotebooks.Training.Embedded;
using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Judging;
using SaeNotebooks.Translation.Parallel;
using SaeNotebooks.Translation.Study;
using Spectre.Console;

namespace SaeNotebooks.Cli.Verbs;

/// <summary>The options that say which sentences the study of the switch is made on, and how its prompts are worded.</summary>
internal sealed class SentenceArguments
{
    private static readonly Dictionary<string, ChatTemplate> Templates = new()
        { ["gemma"] = new GemmaTemplate(), ["gemma3"] = new Gemma3Template(), ["llama3"] = new Llama3Template(), ["llama3.1"] = new Llama31Template() };

    private readonly Option<string?> _base = new("--base") { Description = "pair on which candidates are found, such as en-zh, with an English prompt" };
    private readonly Option<string?> _data = new("--data") { Description = "sentences in place of those of data/parallel: a pair such as en-zh or en2zh, the English sentence and its translation a line, with tabs between them" };
    private readonly Option<bool> _names = new("--language-names") { Description = "name languages in English prompts, in place of the codes that the authors' prompts hold" };
    private readonly Option<string?> _chat = new("--chat") { Description = $"put prompts into the user's turn of this chat template, which the authors do not: {string.Join(", ", Templates.Keys)}" };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_base, _data, _names, _chat]) command.Options.Add(option);
    }

    /// <summary>The corpus for the embedded model; parallel sentences for others, and where a file of them is named.</summary>
    /// <exception cref="CliException">a pair or a template that there is not, a file without enough sentences, or options that the corpus does not have</exception>
    public ITranslationTask Task(ParseResult parsed, Workbench bench)
    {
        Setting? setting = parsed.GetValue(_base) is not { } pair ? null : LanguagePair.Parse(pair) is var (from, to) ? new("en", from, to) : null;
        var (data, chat) = (parsed.GetValue(_data), parsed.GetValue(_chat));
        if (data is null && bench.Known.Repository is null)
            return parsed.GetValue(_names) || chat is not null ? throw new CliException("--language-names and --chat word the prompts of parallel sentences; the embedded model has wordings of its own. Name sentences with --data.") : Corpus(setting);
        var corpora = data is null ? Shipped() : PairsFile.Read(data);
        foreach (var corpus in corpora.Where(c => c.Broken.Count > 0)) AnsiConsole.MarkupLineInterpolated($"[yellow]{corpus.Summary}[/]");
        try
        {
            return new ParallelTask(corpora, PublishedPrompts.Load(nameInEnglish: parsed.GetValue(_names)), setting)
                { Name = $"parallel sentences of {(data is null ? "data/parallel" : Path.GetFileName(data))}", Chat = chat is null ? null : TemplateOf(chat) };
        }
        catch (ArgumentException e) { throw new CliException(e.Problem(), e); }
        catch (FormatException e) { throw new CliException(e.Message, e); }
    }

    private static CorpusTask Corpus(Setting? setting)
    {
        var corpus = new EmbeddedModelRecipe().Corpus();
        var judge = new AnswerJudge(corpus.Grammar);
        return setting is null ? new(corpus, judge) : new(corpus, judge) { Base = setting };
    }

    /// <summary>The paper's pairs first: candidates are found on the first of them.</summary>
    private static List<ParallelCorpus> Shipped()
    {
        string[] order = ["zh", "ja", "ru", "ar"];
        return [.. ParallelData.Pairs().Where(p => p.StartsWith("en-", StringComparison.Ordinal)).OrderBy(p => (uint)Array.IndexOf(order, p[3..])).Select(p => ParallelData.Read(p))];
    }

    private static ChatTemplate TemplateOf(string name) => Templates.TryGetValue(name, out var template) ? template
        : throw new CliException($"There is no chat template '{name}'; there are {string.Join(", ", Templates.Keys)}.");
}
