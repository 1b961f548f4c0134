using SaeNotebooks.Models;
using SaeNotebooks.Training.Evaluation;
using SaeNotebooks.Translation.Discovery;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Selection;

/// <summary>An example to score. Prompt and answer are tokenised apart, so that the last prompt token is the one at which a model would begin to answer.</summary>
/// <param name="Prompt">token ids, with BOS where the tokenizer adds it; at least one</param>
/// <param name="Answer">token ids; at least one</param>
public sealed record TokenisedExample(IReadOnlyList<int> Prompt, IReadOnlyList<int> Answer);

/// <summary>What a model and its latents make of an example.</summary>
/// <param name="Perplexity">exp of the mean loss over prompt and answer, as in the authors' scorer; BOS is not predicted and does not count</param>
/// <param name="TargetPerplexity">exp of the mean loss over the answer alone</param>
/// <param name="Activations">at the last prompt token: for each group of latents, one for each latent</param>
public sealed record ExampleScore(double Perplexity, double TargetPerplexity, IReadOnlyList<IReadOnlyList<double>> Activations);

/// <summary>Scores examples with a model and some of its latents (Wu et al. 2026, stage 5): perplexities, and activations at the last prompt token.</summary>
public static class ExampleScorer
{
    /// <summary>Scores every example.</summary>
    /// <param name="model">the model that scores</param>
    /// <param name="latents">latents of its SAEs, a group for each</param>
    /// <param name="examples">prompts and answers</param>
    /// <param name="cancel">looked at before every batch</param>
    /// <exception cref="ArgumentException">a latent that its SAE does not have, or a prompt or an answer without tokens</exception>
    public static IReadOnlyList<ExampleScore> Score(HookedTransformer model, IReadOnlyList<ScoringLatents> latents, IReadOnlyList<TokenisedExample> examples, CancellationToken cancel = default)
    {
        if (examples.Index().FirstOrDefault(e => e.Item.Prompt.Count == 0 || e.Item.Answer.Count == 0) is { Item: not null } empty)
            throw new ArgumentException($"Example {empty.Index} has {empty.Item.Prompt.Count} prompt tokens and {empty.Item.Answer.Count} answer tokens; both need one at least.", nameof(examples));
        var activations = Activations(model, latents, [.. examples.Select(e => e.Prompt)], cancel);
        var losses = NextTokenLoss.Of(model, [.. examples.Select(e => (IReadOnlyList<int>)[.. e.Prompt, .. e.Answer])], cancel: cancel);
        return
        [
            .. examples.Select((e, i) => new ExampleScore(
                Math.Exp(losses[i].Average()),
                Math.Exp(losses[i].Skip(e.Prompt.Count - 1).Average()), // element t is the loss of token t + 1
                activations[i])),
        ];
    }

    /// <summary>The activations alone, for which the answers need not be run.</summary>
    /// <param name="model">the model that scores</param>
    /// <param name="latents">latents of its SAEs, a group for each</param>
    /// <param name="prompts">token ids</param>
    /// <param name="cancel">looked at before every batch</param>
    /// <returns>by prompt, group and latent</returns>
    public static IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> Activations(HookedTransformer model, IReadOnlyList<ScoringLatents> latents, IReadOnlyList<IReadOnlyList<int>> prompts,
        CancellationToken cancel = default)
    {
        foreach (var group in latents) group.Check();
        using var scope = NewDisposeScope();
        using var ends = TokenRows.Last(model, prompts, [.. latents.Select(g => g.Hook)], cancel); // [groups, prompts, d_model]
        var byGroup = latents.Select((g, i) => Of(g, ends[i])).ToList();
        return [.. prompts.Select((_, i) => byGroup.Select(g => g[i]).ToList())];
    }

    /// <summary>By prompt and latent.</summary>
    private static List<IReadOnlyList<double>> Of(ScoringLatents group, Tensor rows)
    {
        using var encoded = group.Sae.Encode(rows);
        var values = encoded.Of([.. group.Latents]).to(float32).cpu().data<float>().ToArray(); // [prompts, latents]
        return [.. values.Chunk(group.Latents.Count).Select(row => (IReadOnlyList<double>)[.. row.Select(a => (double)a)])];
    }
}
