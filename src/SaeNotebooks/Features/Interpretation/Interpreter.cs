namespace SaeNotebooks.Features.Interpretation;

/// <summary>Automated interpretation of latents by a language model: explained from some examples, scored on others by detection and fuzzing.</summary>
/// <param name="explainer">who explains</param>
/// <param name="judge">who judges; by default the explainer</param>
/// <param name="options">how much evidence</param>
public sealed class Interpreter(ILanguageModel explainer, ILanguageModel? judge = null, EvidenceOptions? options = null)
{
    private static readonly ExplanationScorer[] Scorers = [new DetectionScorer(), new FuzzingScorer()];

    /// <summary>Explains a latent and scores the explanation.</summary>
    /// <param name="index">its SAE on a corpus</param>
    /// <param name="latent">from 0</param>
    /// <param name="cancellation">gives up</param>
    /// <returns>a label without scores if the latent fires in too few texts to hold some out</returns>
    /// <exception cref="LanguageModelException">the model cannot be asked, or gives no explanation</exception>
    public async Task<LatentLabel> Interpret(SaeIndex index, int latent, CancellationToken cancellation = default)
    {
        var firings = index.Statistics(latent).Fires;
        if (firings == 0) return new(latent, "never fires on this corpus", explainer.Name, 0, []);
        var evidence = LatentEvidence.Of(index, latent, options);
        var explanation = await Explainer.Explain(explainer, evidence.Shown, evidence.Promoted, cancellation);
        List<LabelScore> scores = [];
        foreach (var scorer in Scorers)
            if (evidence.Active.Count >= 2 && evidence.Silent.Count > 0)
            {
                var score = await scorer.Score(judge ?? explainer, explanation, evidence.Active, evidence.Silent, cancellation: cancellation);
                if (!double.IsNaN(score.BalancedAccuracy)) scores.Add(new(score.Method, score.BalancedAccuracy));
            }
        return new(latent, explanation, explainer.Name, firings, scores);
    }

    /// <summary>Explains and scores several latents, some at a time.</summary>
    /// <param name="index">their SAE on a corpus</param>
    /// <param name="latents">which</param>
    /// <param name="parallel">how many at a time</param>
    /// <param name="cancellation">gives up</param>
    /// <exception cref="LanguageModelException">the model cannot be asked; an answer that is no explanation is a label that says so</exception>
    public async Task<LatentLabels> Interpret(SaeIndex index, IReadOnlyList<int> latents, int parallel = 4, CancellationToken cancellation = default)
    {
        using var progress = Progress.Start($"Explaining latents of {index.Name}", latents.Count, "latents", cancellation: cancellation);
        var labels = new LatentLabel[latents.Count];
        var done = 0;
        await Parallel.ForAsync(0, latents.Count, new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = progress.Cancellation }, async (i, token) =>
        {
            try { labels[i] = await Interpret(index, latents[i], token); }
            catch (LanguageModelException e) when (e.Problem == LanguageModelProblem.BadAnswer) { labels[i] = new(latents[i], $"not explained: {e.Message}", explainer.Name, index.Statistics(latents[i]).Fires, []); }
            progress.Report(Interlocked.Increment(ref done));
        });
        return LatentLabels.Of(index, labels);
    }
}
