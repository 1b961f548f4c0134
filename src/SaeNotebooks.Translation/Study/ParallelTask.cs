using SaeNotebooks.Generation;
using SaeNotebooks.Tokenization.Chats;
using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Judging.OffTask;
using SaeNotebooks.Translation.Measures;
using SaeNotebooks.Translation.Parallel;

namespace SaeNotebooks.Translation.Study;

/// <summary>
/// Translation as published models know it: parallel sentences from English, joined on their ids for other pairs. Sentences for discovery and for tests
/// are apart. What these models have been trained on is not known, so there is no transfer test.
/// </summary>
public sealed class ParallelTask : ITranslationTask
{
    /// <summary>Sentences for discovery and screening, as many as in the paper; the rest are for tests.</summary>
    public const int DiscoverySentences = 98;

    private readonly Dictionary<string, Dictionary<string, string>> _texts; // by language and id
    private readonly List<string> _ids;
    private readonly PublishedPrompts _prompts;

    /// <param name="corpora">each from English into another language; broken lines are left out, so say so with <see cref="ParallelCorpus.Summary"/></param>
    /// <param name="prompts">wordings</param>
    /// <param name="foundIn">the setting in which candidates are found; by default the first pair, with an English prompt</param>
    /// <exception cref="ArgumentException">a corpus is not from English, or there are too few sentences that all have</exception>
    public ParallelTask(IReadOnlyList<ParallelCorpus> corpora, PublishedPrompts prompts, Setting? foundIn = null)
    {
        if (corpora.FirstOrDefault(c => c.SourceLanguage != "en") is { } other)
            throw new ArgumentException($"{other.Name} is from '{other.SourceLanguage}'; the study joins corpora on their English side.", nameof(corpora));
        (_prompts, Base) = (prompts, foundIn ?? new("en", "en", corpora[0].TargetLanguage));
        _texts = corpora.ToDictionary(c => c.TargetLanguage, c => c.Sentences.ToDictionary(s => s.Id, s => s.Target));
        _texts["en"] = corpora.SelectMany(c => c.Sentences).DistinctBy(s => s.Id).ToDictionary(s => s.Id, s => s.Source);
        // In an order of their own, so that neither part is of some domains alone.
        _ids = [.. _texts["en"].Keys.Where(id => _texts.Values.All(t => t.ContainsKey(id))).OrderBy(StableHash.Of)];
        if (_ids.Count <= DiscoverySentences)
            throw new ArgumentException($"Only {_ids.Count} sentences are in all of {string.Join(", ", corpora.Select(c => c.Name))}; the study needs more than {DiscoverySentences}.", nameof(corpora));
        string[] languages = ["en", .. corpora.Select(c => c.TargetLanguage)];
        Settings = [.. from prompt in prompts.Languages.Intersect(languages) from setting in Around(prompt, languages) select setting];
    }

    /// <inheritdoc/>
    public string Name { get; init; } = "parallel sentences of data/parallel";

    /// <inheritdoc/>
    public string QualityName => "sentence chrF";

    /// <inheritdoc/>
    public Setting Base { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Setting> Settings { get; }

    /// <summary>The authors': greedy, repetition penalty 1.1, 128 new tokens, no chat template.</summary>
    public GenerationOptions Generation { get; init; } = new() { MaxNewTokens = 128, RepetitionPenalty = 1.1, BatchSize = 16 };

    /// <summary>How prompts become turns of a chat; null for plain texts, as the authors' are.</summary>
    public ChatTemplate? Chat { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<TranslationPrompt> Prompts(Setting setting, PromptUse use, int sentences, bool everyWording)
    {
        var (wordings, ids) = (_prompts.In(setting.Prompt, use == PromptUse.Test), use == PromptUse.Test ? _ids[DiscoverySentences..] : _ids[..DiscoverySentences]);
        if (sentences > ids.Count)
            throw new ArgumentException($"{sentences} sentences were asked for; there are {ids.Count} for {use.ToString().ToLowerInvariant()}.", nameof(sentences));
        // Screening takes a few sentences of each setting: each begins at a place of its own.
        var first = use == PromptUse.Screening ? (int)(StableHash.Of(setting.ToString()) % (ulong)ids.Count) : 0;
        return
        [
            .. from i in Enumerable.Range(0, sentences)
               let id = ids[(first + i) % ids.Count]
               from wording in everyWording ? wordings : [wordings[(first + i) % wordings.Count]]
               select Turn(wording.Fill(Text(setting.From, id), _prompts.Name(setting.Prompt, setting.To), " " + Text(setting.To, id), setting)),
        ];
    }

    /// <inheritdoc/>
    public IReadOnlyList<TransferPrompts> Transfer(int prompts) => [];

    /// <summary>Answers, continuations and summaries of the discovery sentences in their own language, in the authors' frames.</summary>
    /// <inheritdoc/>
    public IReadOnlyList<string> OtherTasks(int prompts)
    {
        var language = _prompts.Name("en", Base.From);
        return [.. Enumerable.Range(0, prompts).Select(i => Turn(AuthorsPrompts.OtherTasks[i % AuthorsPrompts.OtherTasks.Count]
            .Fill(Text(Base.From, _ids[i / AuthorsPrompts.OtherTasks.Count % DiscoverySentences]), language, "", Base)).Text)];
    }

    /// <summary>Judges the whole answer, as the authors do, with its line breaks as spaces.</summary>
    public Judgement Judge(TranslationPrompt prompt, GeneratedText answer)
    {
        var kinds = new OffTaskDetector(prompt.Setting.To).Detect(answer.Text, prompt.SourceText);
        var text = string.Join(' ', answer.Text.Split((char[])['\n', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        return new(text, kinds != OffTaskKinds.None, kinds == OffTaskKinds.None ? "translation" : string.Join(", ", OffTaskKindNames.All.Where(k => kinds.HasFlag(k)).Select(k => k.Name())),
            ChrF.Default.Sentence(text, prompt.Answer.Trim()));
    }

    private TranslationPrompt Turn(TranslationPrompt prompt) => Chat is null ? prompt : prompt.InChat(Chat);

    /// <summary>From the base's source into every language, and from every language into the base's target: one role changes at a time.</summary>
    private IEnumerable<Setting> Around(string prompt, string[] languages) =>
        languages.Where(l => l != Base.From).Select(to => new Setting(prompt, Base.From, to)).Concat(languages.Where(l => l != Base.To).Select(from => new Setting(prompt, from, Base.To))).Distinct();

    private string Text(string language, string id) => _texts.TryGetValue(language, out var texts) ? texts[id]
        : throw new ArgumentException($"There are no sentences in '{language}'; there are some in {string.Join(", ", _texts.Keys.Order(StringComparer.Ordinal))}.", nameof(language));
}
