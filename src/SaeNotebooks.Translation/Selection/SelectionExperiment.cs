using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SaeNotebooks.Models;
using SaeNotebooks.Training.Embedded;
using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.FineTuning;
using SaeNotebooks.Training.Tasks;
using SaeNotebooks.Translation.Evaluation;
using SaeNotebooks.Translation.Judging;
using SaeNotebooks.Translation.Measures;

namespace SaeNotebooks.Translation.Selection;

/// <summary>
/// Tests whether latents tell which examples are worth training on (Wu et al. 2026, stage 5): a pool with known noise, several strategies, and the model
/// trained on what each selects. The gate by quality runs as a strategy of its own, so that the latents earn only what they add to it.
/// </summary>
public sealed class SelectionExperiment
{
    private readonly string _model, _work;
    private readonly HookedTransformer _scorer;
    private readonly ScoringLatents _latents;
    private readonly EmbeddedCorpus _corpus;
    private readonly SelectionOptions _options;
    private readonly AnswerJudge _judge;
    private readonly IReadOnlyList<Document> _seen, _held;

    /// <summary>Prepares the test prompts.</summary>
    /// <param name="modelFolder">the checkpoint to train on, an early one for example</param>
    /// <param name="scorer">the model that scores the pools</param>
    /// <param name="latents">of one of its SAEs</param>
    /// <param name="corpus">grammar and wordings</param>
    /// <param name="options">how much is done</param>
    /// <param name="workFolder">where finished runs are kept, so that an interrupted experiment goes on</param>
    /// <exception cref="ArgumentException">options that cannot be run, or a latent that the SAE does not have</exception>
    public SelectionExperiment(string modelFolder, HookedTransformer scorer, ScoringLatents latents, EmbeddedCorpus corpus, SelectionOptions options, string workFolder)
    {
        options.Check();
        latents.Check();
        (_model, _scorer, _latents, _corpus, _options) = (modelFolder, scorer, latents, corpus, options);
        _judge = new(corpus.Grammar);
        _work = Path.Combine(workFolder, Fingerprint());
        var sampler = new PromptSampler(corpus.Grammar, corpus.Wordings);
        (_seen, _held) = (Tests(WordingSplit.Train, 1), Tests(WordingSplit.Held, 2));

        IReadOnlyList<Document> Tests(WordingSplit split, ulong seed)
        {
            var (rng, wordings) = (new Rng(77_000 + seed), sampler.Wordings(TaskKind.Translate, split));
            return [.. Enumerable.Range(0, options.TestPrompts).Select(_ => sampler.Translation(rng, rng.Pick(PromptSampler.SeenPairs), wordings))];
        }
    }

    /// <summary>Runs everything that is not done yet.</summary>
    /// <param name="scorerName">how the report calls the model and latents that score</param>
    /// <param name="cancel">ends it after the fine-tuning step under way; finished runs are kept</param>
    public SelectionReport Run(string scorerName, CancellationToken cancel = default)
    {
        var total = _options.Seeds * _options.Strategies.Count * _options.Budgets.Count;
        using var progress = Progress.Start("Selecting and training", total + 1, "runs", cancellation: cancel);
        var before = Cached("before", () => Measure(_model, progress.Cancellation));
        progress.Report(1);
        var runs = new List<SelectionRun>();
        for (var seed = 1; seed <= _options.Seeds; seed++)
        {
            var pool = new Lazy<(IReadOnlyList<PoolExample> Examples, IReadOnlyList<PoolScore> Scores)>(Pool(seed, progress.Cancellation));
            foreach (var strategy in _options.Strategies)
                foreach (var budget in _options.Budgets)
                {
                    runs.Add(Cached($"{strategy}-{budget.ToString(CultureInfo.InvariantCulture)}-{seed}",
                        () => Train(pool.Value.Examples, pool.Value.Scores, strategy, budget, seed, progress.Cancellation)));
                    progress.Report(runs.Count + 1, $"{strategy} {100 * budget:0} %, seed {seed}: chrF {runs[^1].Result.Quality:F1}");
                }
        }
        return new(Path.GetFileName(Path.TrimEndingDirectorySeparator(_model)), scorerName, _options, before, runs);
    }

    private Func<(IReadOnlyList<PoolExample>, IReadOnlyList<PoolScore>)> Pool(int seed, CancellationToken cancel) => () =>
    {
        var examples = NoisyPool.Draw(_corpus, _options.PoolSize, _options.Noise, (ulong)seed);
        return (examples, PoolScorer.Score(_scorer, _latents, examples, cancel));
    };

    private SelectionRun Train(IReadOnlyList<PoolExample> pool, IReadOnlyList<PoolScore> scores, Strategy strategy, double budget, int seed, CancellationToken cancel)
    {
        var chosen = Strategies.Select(strategy, scores, (int)Math.Round(budget * pool.Count), _options.Gate, (ulong)seed).Select(i => pool[i]).ToList();
        using var tuner = new FineTuner(_model, _options.FineTuning with { Seed = seed }, [.. chosen.Select(e => EmbeddedCorpus.Tokenise(e.Document, _scorer.Tokenizer!))]);
        foreach (var _ in tuner.Run(cancel)) { }
        var folder = Directory.CreateTempSubdirectory("fine-tuned-").FullName;
        try
        {
            tuner.Save(folder);
            return new(strategy, budget, seed, new(chosen.CountBy(e => e.Noise).ToDictionary()), Measure(folder, cancel));
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    private TranslationQuality Measure(string folder, CancellationToken cancel)
    {
        using var model = HookedTransformer.Load(folder);
        var examiner = new Examiner(model, _judge);
        var (seen, held) = (examiner.Answer(_seen, cancel: cancel), examiner.Answer(_held, cancel: cancel));
        return new(ChrfOf(seen), OffTask(seen), ChrfOf(held), OffTask(held));
    }

    private static double ChrfOf(IReadOnlyList<JudgedAnswer> answers) =>
        ChrF.Default.Corpus([.. answers.Select(a => a.Text)], [.. answers.Select(a => a.Prompt.Answer.Trim())]);

    private static double OffTask(IReadOnlyList<JudgedAnswer> answers) => answers.Average(a => a.Outcome.IsOffTask() ? 1.0 : 0.0);

    /// <summary>What is in the work folder, or else what is made now and put there.</summary>
    private T Cached<T>(string name, Func<T> make) where T : class
    {
        var path = Path.Combine(_work, name + ".json");
        if (File.Exists(path)) return CardFile.FromJson<T>(File.ReadAllText(path));
        var made = make();
        Directory.CreateDirectory(_work);
        File.WriteAllText(path + ".part", CardFile.ToJson(made));
        File.Move(path + ".part", path, overwrite: true);
        return made;
    }

    /// <summary>A name for everything that decides the results, but for how many seeds, strategies and budgets there are.</summary>
    private string Fingerprint()
    {
        var text = CardFile.ToJson(_options with { Seeds = 0, Strategies = [], Budgets = [] }) + _latents.Hook + string.Join(',', _latents.Latents) + _latents.Sae
            + Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(_model, "model.safetensors")))) + _corpus.Hash(100);
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16].ToLowerInvariant();
    }
}
