using SaeNotebooks.Generation;
using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Embedded;
using SaeNotebooks.Training.Tasks;
using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Evaluation;
using SaeNotebooks.Translation.Judging;
using SaeNotebooks.Translation.Measures;

namespace SaeNotebooks.Translation.Study;

/// <summary>A prompt of the generated corpus.</summary>
public sealed record CorpusPrompt : TranslationPrompt
{
    /// <summary>The prompt with its meaning, which its judge needs.</summary>
    public required Document Document { get; init; }
}

/// <summary>Translation as the embedded model knows it. Each language has three wordings, which name the target before, around and after the source.</summary>
/// <param name="corpus">grammar and wordings</param>
/// <param name="judge">of answers</param>
/// <param name="seed">of all draws</param>
public sealed class CorpusTask(EmbeddedCorpus corpus, AnswerJudge judge, ulong seed = 20_260_116) : ITranslationTask
{
    private readonly PromptSampler _sampler = new(corpus.Grammar, corpus.Wordings);
    private readonly TaskPrompts _prompts = new(corpus.Grammar, corpus.Wordings);
    private readonly Dictionary<Language, List<Wording>> _wordings = Languages.All.ToDictionary(l => l, l => Three(corpus.Wordings, l));

    /// <inheritdoc/>
    public string Name => "the generated corpus";

    /// <inheritdoc/>
    public string QualityName => "chrF (100 for every right translation)";

    /// <inheritdoc/>
    public Setting Base { get; init; } = new("en", "en", "fr");

    /// <inheritdoc/>
    public IReadOnlyList<Setting> Settings { get; } =
        [.. from prompt in Languages.All from pair in PromptSampler.SeenPairs select new Setting(prompt.Code(), pair.Source.Code(), pair.Target.Code())];

    /// <inheritdoc/>
    public GenerationOptions Generation { get; init; } = new() { MaxNewTokens = 40, BatchSize = 256 };

    /// <inheritdoc/>
    public IReadOnlyList<TranslationPrompt> Prompts(Setting setting, PromptUse use, int sentences, bool everyWording)
    {
        var (wordings, from, to) = (_wordings[Of(setting.Prompt)], Of(setting.From), Of(setting.To));
        var rng = Draw((int)use, setting.Prompt, setting.From, setting.To);
        var split = use == PromptUse.Test ? Split.Test : Split.Train;
        var meanings = Enumerable.Range(0, sentences).Select(_ => _sampler.Meaning(rng, split)).ToList();
        return [.. meanings.Index().SelectMany(m => (everyWording ? wordings : wordings.Slice(m.Index % wordings.Count, 1)).Select(w => Prompt(w, m.Item, from, to)))];
    }

    /// <inheritdoc/>
    public IReadOnlyList<TransferPrompts> Transfer(int prompts)
    {
        var held = _sampler.Wordings(TaskKind.Translate, WordingSplit.Held).Where(w => w.NamesTarget).ToList();
        var seen = _wordings.Values.SelectMany(w => w).ToList();
        return
        [
            new("held-out wordings, seen pairs", Mixed(prompts, held, PromptSampler.SeenPairs, 1)),
            new("seen wordings, held-out pairs", Mixed(prompts, seen, HeldPairs.All, 2)),
            new("held-out wordings, held-out pairs", Mixed(prompts, held, HeldPairs.All, 3)),
        ];
    }

    /// <summary>Repetitions, continuations and questions about sentences, in wordings of training in the base's prompt language.</summary>
    /// <inheritdoc/>
    public IReadOnlyList<string> OtherTasks(int prompts)
    {
        TaskKind[] tasks = [TaskKind.Repeat, TaskKind.Continue, TaskKind.Answer];
        var (rng, language) = (Draw("other tasks"), Of(Base.Prompt));
        return [.. Enumerable.Range(0, prompts).Select(i => tasks[i % tasks.Length]).Select(task =>
            _sampler.Prompt(rng, task, [.. _sampler.Wordings(task, WordingSplit.Train).Where(w => w.Language == language)], Split.Train).Prompt)];
    }

    /// <inheritdoc/>
    public Judgement Judge(TranslationPrompt prompt, GeneratedText answer)
    {
        var document = ((CorpusPrompt)prompt).Document;
        var (outcome, text) = (judge.Judge(document, answer), AnswerJudge.Answer(answer.Text));
        return new(text, outcome.IsOffTask(), outcome.ToString(), outcome == Outcome.Right ? 100 : ChrF.Default.Sentence(text, document.Answer));
    }

    private List<TranslationPrompt> Mixed(int count, IReadOnlyList<Wording> wordings, IReadOnlyList<(Language Source, Language Target)> pairs, int part)
    {
        var rng = Draw(100 + part);
        return [.. Enumerable.Range(0, count).Select(_ => { var pair = rng.Pick(pairs); return Prompt(rng.Pick(wordings), _sampler.Meaning(rng), pair.Source, pair.Target); })];
    }

    private CorpusPrompt Prompt(Wording wording, Meaning meaning, Language from, Language to)
    {
        var document = _prompts.Instructed(wording.Id, meaning, from, to);
        var before = document.Segments.TakeWhile(s => s.Role != Role.Source).Sum(s => s.Text.Length);
        var source = document.Segments.First(s => s.Role == Role.Source).Text;
        var start = before + (source.Length - source.TrimStart().Length); // the space between two stretches belongs to the second
        var named = corpus.Wordings.PlaceOfTarget(wording, new(source.Trim(), from, to));
        return new()
        {
            Text = document.Prompt, Answer = document.Answer, Source = new(start, before + source.Length), Wording = wording.Id, Document = document,
            Language = named is { } place ? new(place.Start, place.End) : (TextSpan?)null, Setting = new(wording.Language.Code(), from.Code(), to.Code()),
        };
    }

    private Rng Draw(params object[] key) => new(StableHash.Of(string.Join('/', [seed, .. key])));

    /// <summary>The first strong wording that names the target, with the instruction before, around and after the source.</summary>
    private static List<Wording> Three(Wordings wordings, Language language) =>
        [.. Enum.GetValues<Place>().Select(place => wordings.Where(TaskKind.Translate, WordingSplit.Train, Strength.Strong, language).First(w => w.Place == place && w.NamesTarget))];

    private static Language Of(string code) => Languages.All.Any(l => l.Code() == code) ? Languages.All.First(l => l.Code() == code)
        : throw new ArgumentException($"The embedded model does not speak '{code}'; it speaks {string.Join(", ", Languages.All.Select(l => l.Code()))}.", nameof(code));
}
