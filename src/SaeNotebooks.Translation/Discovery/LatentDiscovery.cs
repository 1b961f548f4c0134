using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Discovery;

/// <summary>
/// The discovery of <i>Finding the Translation Switch</i> (Wu et al. 2026), over all layers with an SAE at once: latents that are active at watched
/// positions of translation prompts in most samples, and the consistency of what they write at the last prompt token.
/// </summary>
/// <param name="model">a model with a tokenizer</param>
/// <param name="saes">its SAEs</param>
/// <param name="options">which latents are recalled</param>
/// <param name="change">the intervention whose influence is measured; the code's is ablation</param>
/// <param name="zeros">what cases are in which a latent is silent</param>
public sealed class LatentDiscovery(HookedTransformer model, SaeSource saes, RecallOptions options, LatentChange? change = null, ZeroRows zeros = ZeroRows.Count)
{
    private readonly LatentChange _change = change ?? LatentChange.Multiply(0);

    /// <summary>Discovers on prompts of one setting or of several.</summary>
    /// <param name="prompts">the samples: each prompt in each wording is one</param>
    /// <param name="cancel">looked at before every batch</param>
    /// <returns>one for each SAE, lowest layer first</returns>
    /// <exception cref="ArgumentException">there are no prompts</exception>
    public IReadOnlyList<LayerDiscovery> Run(IReadOnlyList<TranslationPrompt> prompts, CancellationToken cancel = default)
    {
        if (prompts.Count == 0) throw new ArgumentException("Discovery needs at least one prompt.", nameof(prompts));
        var last = prompts.Select(p => model.Encode(p.Text)).ToList();
        using var watched = Watch(prompts, cancel);
        using var ends = TokenRows.Last(model, last, saes.Hooks, cancel); // [hooks, prompts, d_model]
        return [.. saes.Hooks.Select((hook, h) => saes.Use(hook, sae =>
        {
            cancel.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            return Measure(sae, watched.Count(sae, h, prompts.Count), ends[h]);
        }))];
    }

    /// <summary>The recalled latents alone, without what they do at the last token.</summary>
    /// <inheritdoc cref="Run"/>
    public IReadOnlyList<LatentId> Recalled(IReadOnlyList<TranslationPrompt> prompts, CancellationToken cancel = default)
    {
        using var watched = Watch(prompts, cancel);
        return [.. saes.Hooks.SelectMany((hook, h) => saes.Use(hook, sae => watched.Count(sae, h, prompts.Count).Keep(options).Select(r => new LatentId(hook.Layer, r.Latent)).ToList()))];
    }

    private LayerDiscovery Measure(Sae sae, Recall recall, Tensor ends)
    {
        var firing = LastTokenFiring.Of(sae, ends);
        using var latents = sae.Encode(ends);
        return new(sae.Config.Hook.Layer, sae.Width, recall.Samples,
            [.. recall.Keep(options).Select(r => new DiscoveredLatent(r.Latent, r.Share, r.Mean, firing.Rates[r.Latent], firing.Norms[r.Latent],
                Influence.Consistency(latents[r.Latent], _change, zeros)))], firing);
    }

    private Watched Watch(IReadOnlyList<TranslationPrompt> prompts, CancellationToken cancel)
    {
        var located = prompts.Select(p => LocatedPrompt.Of(model, p, options.Positions)).ToList();
        var places = (from position in Enumerable.Range(0, options.Positions.Positions.Count)
                      from p in located.Index()
                      where p.Item.Positions[position] is not null
                      select (Position: position, Prompt: p.Index, Token: p.Item.Positions[position]!.Value)).ToList();
        return new(TokenRows.Capture(model, [.. located.Select(l => l.Ids)], [.. places.Select(p => (p.Prompt, p.Token))], saes.Hooks, cancel),
            [.. Enumerable.Range(0, options.Positions.Positions.Count).Select(k => (IReadOnlyList<int>)[.. places.Where(p => p.Position == k).Select(p => p.Prompt)])]);
    }

    /// <summary>Activations at the watched tokens, position after position. Owns them.</summary>
    /// <param name="Rows">[hooks, places, d_model]</param>
    /// <param name="Owners">for each position, the samples that have it</param>
    private sealed record Watched(Tensor Rows, IReadOnlyList<IReadOnlyList<int>> Owners) : IDisposable
    {
        public Recall Count(Sae sae, int hook, int samples)
        {
            using var scope = NewDisposeScope();
            var (own, at) = (Rows[hook], 0L);
            return Recall.Of(sae, [.. Owners.Select(o => { var rows = own.narrow(0, at, o.Count); at += o.Count; return (o, rows); })], samples);
        }

        public void Dispose() => Rows.Dispose();
    }
}
