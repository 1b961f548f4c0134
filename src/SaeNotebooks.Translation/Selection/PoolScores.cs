using SaeNotebooks.Models;
using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Translation.Measures;

namespace SaeNotebooks.Translation.Selection;

/// <summary>What selection knows of an example.</summary>
/// <param name="Quality">how good the answer is: COMET where a pool's file has it, as in the paper; on the corpus, chrF to the hidden reference, 0 to 100</param>
/// <param name="Perplexity">exp of the mean loss over prompt and answer, as in the authors' scorer</param>
/// <param name="TargetPerplexity">exp of the mean loss over the answer and its end alone</param>
/// <param name="Activation">of the chosen latents at the last prompt token, as one number: their sum unless an <see cref="Aggregation"/> says otherwise</param>
/// <param name="Target">the language that the prompt asks for</param>
public sealed record PoolScore(double Quality, double Perplexity, double TargetPerplexity, double Activation, Language Target = Language.English)
{
    /// <summary>What of it is not a number; null if all is.</summary>
    internal string? NotANumber => double.IsNaN(Quality) ? "quality" : double.IsNaN(Perplexity) || double.IsNaN(TargetPerplexity) ? "perplexity" : double.IsNaN(Activation) ? "activation" : null;
}

/// <summary>Scores a pool with a model and some of its latents (Wu et al. 2026, stage 5).</summary>
public static class PoolScorer
{
    /// <summary>Scores every example.</summary>
    /// <param name="model">the model that scores; it need not be the one that is trained</param>
    /// <param name="latents">latents of its SAE</param>
    /// <param name="pool">the examples</param>
    /// <param name="cancel">looked at before every batch</param>
    /// <exception cref="ArgumentException">a latent that the SAE does not have, or a model without a tokenizer</exception>
    public static IReadOnlyList<PoolScore> Score(HookedTransformer model, ScoringLatents latents, IReadOnlyList<PoolExample> pool, CancellationToken cancel = default)
    {
        if (model.Tokenizer is null) throw new ArgumentException("The model that scores needs a tokenizer.", nameof(model));
        var end = model.Config.SpecialTokens.Eos.Take(1);
        var scores = ExampleScorer.Score(model, [latents], [.. pool.Select(e => new TokenisedExample(model.Encode(e.Document.Prompt), [.. model.Encode(e.Document.Answer, bos: false), .. end]))], cancel);
        return
        [
            .. pool.Zip(scores, (e, score) => new PoolScore(ChrF.Default.Sentence(e.Document.Answer.Trim(), e.Reference.Trim()),
                score.Perplexity, score.TargetPerplexity, score.Activations[0].Sum(), e.Document.Target)),
        ];
    }

    /// <summary>The activation alone of every example, for which the answers need not be run.</summary>
    /// <inheritdoc cref="Score"/>
    /// <returns>what <see cref="PoolScore.Activation"/> is</returns>
    public static IReadOnlyList<double> Activations(HookedTransformer model, ScoringLatents latents, IReadOnlyList<PoolExample> pool, CancellationToken cancel = default) =>
        [.. ExampleScorer.Activations(model, [latents], [.. pool.Select(e => model.Encode(e.Document.Prompt))], cancel).Select(a => a[0].Sum())];
}
