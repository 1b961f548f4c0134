using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Evaluation;
using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Measures;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Selection;

/// <summary>What selection knows of an example.</summary>
/// <param name="Quality">chrF of the answer to the hidden reference, 0 to 100; it stands where the paper has COMET, and is no COMET</param>
/// <param name="Perplexity">exp of the mean loss over prompt and answer, as in the authors' scorer</param>
/// <param name="TargetPerplexity">exp of the mean loss over the answer and its end alone</param>
/// <param name="Activation">sum of the activations of the chosen latents at the last prompt token</param>
/// <param name="Target">the language that the prompt asks for</param>
public sealed record PoolScore(double Quality, double Perplexity, double TargetPerplexity, double Activation, Language Target = Language.English)
{
    /// <summary>What of it is not a number; null if all is.</summary>
    internal string? NotANumber => double.IsNaN(Quality) ? "quality" : double.IsNaN(Perplexity) || double.IsNaN(TargetPerplexity) ? "perplexity" : double.IsNaN(Activation) ? "activation" : null;
}

/// <summary>Latents by which examples are scored.</summary>
/// <param name="Sae">an SAE at <c>hook_resid_post</c> of a layer</param>
/// <param name="Latents">its latents, whose activations are summed</param>
/// <param name="LayerBefore">read the residual stream of the layer before, as the authors' <c>hidden_states[layer]</c> does; off by default, since it
/// is an off-by-one</param>
public sealed record ScoringLatents(Sae Sae, IReadOnlyList<int> Latents, bool LayerBefore = false)
{
    /// <summary>Where the activation is read.</summary>
    /// <exception cref="ArgumentException">the SAE reads another hook, or a layer is before the first</exception>
    internal HookName Hook => Sae.Config.Hook is not { Point: HookPoint.ResidPost, Layer: { } layer }
        ? throw new ArgumentException($"Examples are scored at hook_resid_post of a layer, and this SAE reads {Sae.Config.Hook}.")
        : LayerBefore ? Hooks.Hook.ResidPre(layer) : Sae.Config.Hook;

    /// <summary>Refuses latents that the SAE does not have: their activations would be read as zeros.</summary>
    /// <exception cref="ArgumentException">there is such a one, or none at all</exception>
    internal void Check()
    {
        if (Latents.Count == 0) throw new ArgumentException("Examples are scored by latents, and none is named.");
        foreach (var latent in Latents)
            if (latent < 0 || latent >= Sae.Width) throw new ArgumentException($"There is no latent {latent} at {Sae.Config.Hook}; the SAE has latents 0 to {Sae.Width - 1}.");
    }
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
        latents.Check();
        if (model.Tokenizer is null) throw new ArgumentException("The model that scores needs a tokenizer.", nameof(model));
        var prompts = pool.Select(e => model.Encode(e.Document.Prompt)).ToList();
        var end = model.Config.SpecialTokens.Eos.Take(1);
        var losses = NextTokenLoss.Of(model, [.. pool.Zip(prompts, (e, prompt) => (IReadOnlyList<int>)[.. prompt, .. model.Encode(e.Document.Answer, bos: false), .. end])], cancel: cancel);
        var activations = AtEnd(model, latents, prompts, cancel);
        return
        [
            .. pool.Select((e, i) => new PoolScore(
                ChrF.Default.Sentence(e.Document.Answer.Trim(), e.Reference.Trim()),
                Math.Exp(losses[i].Average()),
                Math.Exp(losses[i].Skip(prompts[i].Count - 1).Average()), // element t is the loss of token t + 1
                activations[i],
                e.Document.Target)),
        ];
    }

    /// <summary>The activation alone of every example, for which the answers need not be run.</summary>
    /// <inheritdoc cref="Score"/>
    /// <returns>what <see cref="PoolScore.Activation"/> is</returns>
    public static IReadOnlyList<double> Activations(HookedTransformer model, ScoringLatents latents, IReadOnlyList<PoolExample> pool, CancellationToken cancel = default) =>
        AtEnd(model, latents, [.. pool.Select(e => model.Encode(e.Document.Prompt))], cancel);

    private static double[] AtEnd(HookedTransformer model, ScoringLatents latents, IReadOnlyList<IReadOnlyList<int>> prompts, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        using var captured = TokenRows.Last(model, prompts, [latents.Hook], cancel);
        using var encoded = latents.Sae.Encode(captured[0]); // [prompts, d_model]
        return [.. encoded.Of([.. latents.Latents]).sum([1]).cpu().data<float>().Select(a => (double)a)];
    }
}
