using SaeNotebooks.Models;
using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Embedded;
using SaeNotebooks.Training.Evaluation;
using SaeNotebooks.Training.Tasks;
using SaeNotebooks.Translation.Judging;
using SaeNotebooks.Translation.Measures;

namespace SaeNotebooks.Translation.Evaluation;

/// <summary>Measures a language model of the corpus on sentences, wordings and language pairs that training holds out.</summary>
public sealed class ModelEvaluation
{
    private static readonly TaskKind[] OtherTasks = [TaskKind.Repeat, TaskKind.Continue, TaskKind.Answer];
    private static readonly WordingSplit[] Splits = [WordingSplit.Train, WordingSplit.Held];

    private readonly HookedTransformer _model;
    private readonly EmbeddedCorpus _corpus;
    private readonly ModelEvaluationOptions _options;
    private readonly PromptSampler _sampler;
    private readonly Examiner _examiner;
    private readonly CancellationToken _cancel;

    private ModelEvaluation(HookedTransformer model, EmbeddedCorpus corpus, ModelEvaluationOptions options, CancellationToken cancel)
    {
        (_model, _corpus, _options, _cancel) = (model, corpus, options, cancel);
        _sampler = new(corpus.Grammar, corpus.Wordings);
        _examiner = new(model, new AnswerJudge(corpus.Grammar)) { MaxNewTokens = options.MaxNewTokens };
    }

    /// <summary>Measures everything on the card.</summary>
    /// <param name="model">a model with a tokenizer</param>
    /// <param name="name">its name on the card</param>
    /// <param name="corpus">what it was trained on: grammar, wordings, documents</param>
    /// <param name="options">how much is measured</param>
    /// <param name="progress">told what is being measured</param>
    /// <param name="cancel">ends it with an exception</param>
    public static ModelCard Run(HookedTransformer model, string name, EmbeddedCorpus corpus, ModelEvaluationOptions? options = null,
        IProgress<string>? progress = null, CancellationToken cancel = default) =>
        new ModelEvaluation(model, corpus, options ?? new(), cancel).Measure(name, progress);

    private ModelCard Measure(string name, IProgress<string>? progress)
    {
        progress?.Report("perplexity of stories");
        var perplexity = Languages.All.Select(Perplexity).ToList();
        progress?.Report("translation");
        var translations = _examiner.Answer(TranslationPrompts(), cancel: _cancel);
        progress?.Report("repeating, continuing, answering");
        var tasks = (from task in OtherTasks from split in Splits select Score(task, split)).OfType<TaskScore>().ToList();
        progress?.Report("few-shot translation");
        var fewShot = new[] { true, false }.Select(FewShot).ToList();
        progress?.Report("nearest templates and leaks");
        var templates = NearestTemplate.Collect(_corpus.Documents, _options.TemplateDocuments);
        return new(name, _options, perplexity, Summarise(translations, templates), PerPair(translations), PerStrength(translations),
            tasks, fewShot, TestLeak.Search(_corpus.Documents, _options.LeakDocuments, [.. translations.Select(a => a.Prompt)]));
    }

    /// <summary>A stream of random numbers of its own for each part, so that a part keeps its draws when another one changes.</summary>
    private Rng Part(ulong number) => new(_options.Seed + 1000 * number);

    private LanguagePerplexity Perplexity(Language language)
    {
        var rng = Part(1);
        var stories = Enumerable.Range(0, _options.Stories).Select(_ => _sampler.Story(rng, language, _options.SentencesPerStory)).ToList();
        var losses = NextTokenLoss.Of(_model, [.. stories.Select(s => _model.Encode(s))], cancel: _cancel);
        var (total, tokens) = (losses.Sum(l => l.Sum(x => (double)x)), losses.Sum(l => l.Length));
        var words = stories.Sum(s => s.Split(' ').Length);
        return new(language, Math.Exp(total / tokens), Math.Exp(total / words), tokens, words);
    }

    private List<Document> TranslationPrompts()
    {
        var rng = Part(2);
        return
        [
            .. from pair in PromptSampler.AllPairs
               from split in Splits
               let wordings = _sampler.Wordings(TaskKind.Translate, split)
               from _ in Enumerable.Range(0, _options.PromptsPerCell)
               select _sampler.Translation(rng, pair, wordings),
        ];
    }

    private List<TranslationSummary> Summarise(IReadOnlyList<JudgedAnswer> answers, NearestTemplate templates) =>
    [
        .. from cell in answers.GroupBy(a => (Pair: IsSeen(a), Wording: IsWordingSeen(a)))
           orderby cell.Key descending
           let copied = cell.Key.Pair ? cell.Select(a => Copied(templates, a.Prompt)).ToList() : null
           select new TranslationSummary(cell.Key.Pair, cell.Key.Wording, Score([.. cell]), copied is null ? null : Score(copied)),
    ];

    private JudgedAnswer Copied(NearestTemplate templates, Document prompt)
    {
        var text = templates.Answer(prompt);
        return new(prompt, text, _examiner.Judge.Judge(prompt, text, ended: true));
    }

    private List<PairScore> PerPair(IReadOnlyList<JudgedAnswer> answers) =>
    [
        .. from cell in answers.GroupBy(a => (a.Prompt.Source, a.Prompt.Target, Wording: IsWordingSeen(a)))
           select new PairScore(cell.Key.Source, cell.Key.Target, IsSeen(cell.First()), cell.Key.Wording, Score([.. cell])),
    ];

    private List<OffTaskRow> PerStrength(IReadOnlyList<JudgedAnswer> answers) =>
    [
        .. from row in answers.GroupBy(a => (Seen: IsWordingSeen(a), _corpus.Wordings[a.Prompt.WordingId!].Strength))
           orderby row.Key.Seen descending, row.Key.Strength
           select new OffTaskRow(row.Key.Seen, row.Key.Strength, Bootstrap.Share(row.Select(a => a.Outcome.IsOffTask())), CountOf(row)),
    ];

    private TaskScore? Score(TaskKind task, WordingSplit split)
    {
        var wordings = _sampler.Wordings(task, split);
        if (wordings.Count == 0) return null;
        var rng = Part(10 + (ulong)task * 2 + (ulong)split);
        var answers = _examiner.Answer([.. Enumerable.Range(0, _options.PromptsPerTask).Select(_ => _sampler.Prompt(rng, task, wordings))], cancel: _cancel);
        return new(task, split == WordingSplit.Train, Bootstrap.Share(answers.Select(a => a.Outcome == Outcome.Right)), CountOf(answers));
    }

    private FewShotScore FewShot(bool seen)
    {
        var rng = Part(seen ? 20UL : 21);
        var pairs = seen ? PromptSampler.SeenPairs : HeldPairs.All;
        var prompts = Enumerable.Range(0, _options.PromptsPerTask).Select(_ => _sampler.FewShot(rng, rng.Pick(pairs), _options.Examples));
        return new(seen, Score(_examiner.Answer([.. prompts], cancel: _cancel)));
    }

    private static TranslationScore Score(IReadOnlyList<JudgedAnswer> answers) => new(
        Bootstrap.Share(answers.Select(a => a.Outcome == Outcome.Right)),
        Bootstrap.Share(answers.Select(a => a.Text == a.Prompt.Answer)),
        ChrF.Default.Corpus([.. answers.Select(a => a.Text)], [.. answers.Select(a => a.Prompt.Answer)]),
        Bootstrap.Share(answers.Select(a => a.Outcome.IsOffTask())));

    private static SortedDictionary<Outcome, int> CountOf(IEnumerable<JudgedAnswer> answers) => new(answers.CountBy(a => a.Outcome).ToDictionary());

    private static bool IsSeen(JudgedAnswer answer) => !HeldPairs.Contains(answer.Prompt.Source, answer.Prompt.Target);

    private bool IsWordingSeen(JudgedAnswer answer) => _corpus.Wordings[answer.Prompt.WordingId!].Split == WordingSplit.Train;
}
