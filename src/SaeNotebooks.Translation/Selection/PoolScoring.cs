using SaeNotebooks.Features;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Parallel;
using SaeNotebooks.Translation.Study;

namespace SaeNotebooks.Translation.Selection;

/// <summary>How the examples of a pool are scored.</summary>
public sealed record PoolScoringOptions
{
    /// <summary>The wording of the prompt; by default the authors' for scoring.</summary>
    public PromptTemplate Prompt { get; init; } = AuthorsPrompts.Scoring;

    /// <summary>What the prompt calls the target language; by default its code, as the authors' prompts do.</summary>
    public string? LanguageName { get; init; }

    /// <summary>Tokens of prompt and translation that are scored, at most; what is beyond is cut off. By default 512, as the authors have it, or the model's context where that is
    /// shorter.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Examples in a part, which is kept as soon as it is scored.</summary>
    public int PartSize { get; init; } = 256;
}

/// <summary>A pool with its scores.</summary>
/// <param name="Pairs">the examples that could be scored</param>
/// <param name="LeftOut">those that could not, and why</param>
/// <param name="Cut">of how many the translation was longer than <see cref="PoolScoringOptions.MaxTokens"/> left room for, and is scored as far as it goes</param>
public sealed record ScoredPool(IReadOnlyList<ScoredPair> Pairs, IReadOnlyList<BrokenLine> LeftOut, int Cut);

/// <summary>Scores a pool for any model, in parts, so that an interrupted run goes on where it stopped.</summary>
/// <param name="model">a model with a tokenizer</param>
/// <param name="latents">latents of its SAEs, a group for each</param>
/// <param name="options">how</param>
public sealed class PoolScoring(HookedTransformer model, IReadOnlyList<ScoringLatents> latents, PoolScoringOptions options)
{
    private const int AuthorsMaxTokens = 512;

    private readonly int _maxTokens = options.MaxTokens ?? Math.Min(AuthorsMaxTokens, model.Config.ContextLength);

    private sealed record Part(IReadOnlyList<ScoredPair> Pairs);

    /// <summary>Scores every example.</summary>
    /// <param name="pool">the examples</param>
    /// <param name="partsFolder">where finished parts are kept; null keeps none</param>
    /// <param name="cancel">looked at before every batch; finished parts stay</param>
    /// <exception cref="ArgumentException">a latent that its SAE does not have, a model without a tokenizer, or too few tokens</exception>
    public ScoredPool Run(PoolFile pool, string? partsFolder = null, CancellationToken cancel = default)
    {
        if (model.Tokenizer is null) throw new ArgumentException("The model that scores needs a tokenizer.");
        if (_maxTokens < 2 || _maxTokens > model.Config.ContextLength)
            throw new ArgumentException($"{_maxTokens} tokens of an example were asked for; there can be 2 to {model.Config.ContextLength}, the model's context.");
        foreach (var group in latents) group.Check();
        using var progress = Progress.Start("Scoring the pool", pool.Pairs.Count, "examples", cancellation: cancel);
        var cache = new StudyCache(partsFolder, Subject());
        var (pairs, leftOut, cut, done) = (new List<ScoredPair>(), new List<BrokenLine>(), 0, 0);
        foreach (var chunk in pool.Pairs.Chunk(options.PartSize))
        {
            var fitting = new List<(PoolPair Pair, TokenisedExample Tokens)>();
            foreach (var pair in chunk)
            {
                var (example, whole) = Tokenise(pair, pool.TargetLanguage);
                if (example.Answer.Count > 0) fitting.Add((pair, example));
                else leftOut.Add(new(pool.Name, pair.Line, $"its prompt alone has {example.Prompt.Count} tokens, and {_maxTokens} are scored at most"));
                if (example.Answer.Count > 0 && !whole) cut++;
            }
            if (fitting.Count > 0)
                pairs.AddRange(cache.Get($"from-line-{chunk[0].Line}", chunk, () => new Part(Score(fitting, progress.Cancellation))).Pairs);
            progress.Report(done += chunk.Length);
        }
        return new(pairs, leftOut, cut);
    }

    private (TokenisedExample Example, bool IsWhole) Tokenise(PoolPair pair, string target)
    {
        var prompt = model.Encode(options.Prompt.Fill(pair.Source, options.LanguageName ?? target, pair.Target, new("en", "", target)).Text);
        var answer = model.Encode(pair.Target, bos: false);
        var room = Math.Max(0, _maxTokens - prompt.Count);
        return (new(prompt, [.. answer.Take(room)]), answer.Count <= room);
    }

    private List<ScoredPair> Score(List<(PoolPair Pair, TokenisedExample Tokens)> examples, CancellationToken cancel)
    {
        List<LatentId> ids = [.. latents.SelectMany(g => g.Latents.Select(l => new LatentId(g.Sae.Config.Hook.Layer, l)))];
        return [.. examples.Zip(ExampleScorer.Score(model, latents, [.. examples.Select(e => e.Tokens)], cancel), (e, score) => new ScoredPair(e.Pair.Source, e.Pair.Target, e.Pair.Comet,
            Finite(score.Perplexity), ids.Zip(score.Activations.SelectMany(a => a)).ToDictionary(a => ScoredPair.Key(a.First), a => Finite(a.Second)))
        {
            TargetPpl = Finite(score.TargetPerplexity), Line = e.Pair.Line,
        })];
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    /// <summary>Stands for all that decides the scores of an example.</summary>
    private string Subject() => StudyCache.Digest([options.Prompt.Text, options.LanguageName ?? "", $"{_maxTokens} {model.Dtype}", Fingerprint.Of(model.Tokenizer),
        Fingerprint.Of(model, Hook.ResidPost(model.Config.NLayers - 1)), .. latents.Select(g => $"{g.Hook} {string.Join(',', g.Latents)} {Fingerprint.Of(g.Sae)}")]);
}
