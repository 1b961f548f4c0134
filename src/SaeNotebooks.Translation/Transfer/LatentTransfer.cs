using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Translation.Discovery;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Transfer;

/// <summary>
/// Carries latents over to another model, of another width and with another tokenizer if need be: both models read the same prompts, and latents are
/// matched by how their activations at the last prompt token correlate over the prompts. It is the one token that both are sure to share.
/// </summary>
public static class LatentTransfer
{
    private const int Draws = 100;

    /// <summary>Finds the match of each latent.</summary>
    /// <param name="from">the model whose latents are known</param>
    /// <param name="latents">those of them to carry over</param>
    /// <param name="to">the other model</param>
    /// <param name="prompts">at least three; the more they differ in what the latents are about, the more a correlation says</param>
    /// <param name="seed">of the control</param>
    /// <param name="cancel">looked at before every batch</param>
    /// <returns>one for each latent, in their order</returns>
    /// <exception cref="ArgumentException">too few prompts, no latents, or an SAE that is not of its model</exception>
    public static IReadOnlyList<TransferredLatent> Of(LatentSide from, IReadOnlyList<int> latents, LatentSide to, IReadOnlyList<string> prompts, ulong seed = 0,
        CancellationToken cancel = default)
    {
        if (prompts.Count < 3) throw new ArgumentException($"{prompts.Count} prompts say nothing about correlation; give at least three.", nameof(prompts));
        if (latents.Count == 0) throw new ArgumentException("There are no latents to carry over.", nameof(latents));
        if (latents.FirstOrDefault(l => l < 0 || l >= from.Sae.Width, 0) is var odd and not 0)
            throw new ArgumentException($"There is no latent {odd}; the SAE's {from.Sae.Width} latents are counted from 0.", nameof(latents));
        using var scope = NewDisposeScope();
        Tensor firsts = Standardised(from, prompts, cancel), seconds = Standardised(to, prompts, cancel); // [prompts, latents of each]
        var chosen = firsts.index_select(1, Ids(latents)); // [prompts, chosen]
        var (best, match) = chosen.t().matmul(seconds).max(1); // [chosen]
        var back = seconds.index_select(1, match).t().matmul(firsts).amax([1]); // [chosen]: the best that a match has in the first model
        var chance = ByChance(chosen, seconds, seed);
        var (correlations, matches, backs) = (best.data<float>().ToArray(), match.data<long>().ToArray(), back.data<float>().ToArray());
        return
        [
            .. latents.Select((latent, i) => new TransferredLatent(latent, (int)matches[i], correlations[i], correlations[i] >= backs[i] - 1e-6,
                Cosine(from, latent, to, (int)matches[i]), chance[i])),
        ];
    }

    /// <summary>Activations at the last token of each prompt with mean 0 and length 1 over the prompts, so that products are correlations; those that never
    /// change are 0. [prompts, latents]</summary>
    private static Tensor Standardised(LatentSide side, IReadOnlyList<string> prompts, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        var last = TokenRows.Last(side.Model, [.. prompts.Select(p => side.Model.Encode(p))], [side.Hook], cancel); // [1, prompts, d_model]
        using var latents = side.Sae.Encode(last[0]);
        var activations = latents.ToDense().to(float32).cpu();
        var centred = activations - activations.mean([0L], keepdim: true);
        var norms = centred.norm(0, keepdim: true);
        return where(norms > 1e-5 * activations.abs().amax([0L], keepdim: true), centred / norms, zeros_like(centred)).MoveToOuterDisposeScope();
    }

    private static double[] ByChance(Tensor chosen, Tensor seconds, ulong seed)
    {
        var rng = new Rng(seed);
        var largest = Enumerable.Range(0, Draws).Select(_ =>
        {
            using var inner = NewDisposeScope();
            var order = Enumerable.Range(0, (int)chosen.shape[0]).Select(i => (Prompt: i, Place: rng.NextBits())).OrderBy(p => p.Place).Select(p => p.Prompt);
            return chosen.index_select(0, Ids(order)).t().matmul(seconds).amax([1]).data<float>().ToArray();
        }).ToArray();
        return [.. Enumerable.Range(0, (int)chosen.shape[1]).Select(i => (double)largest.Select(draw => draw[i]).Order().ElementAt(Draws * 95 / 100 - 1))];
    }

    private static double? Cosine(LatentSide from, int latent, LatentSide to, int match)
    {
        if (from.Model.Config.DModel != to.Model.Config.DModel) return null;
        using var scope = NewDisposeScope();
        return nn.functional.cosine_similarity(from.Sae.Direction(latent).to(float32).cpu(), to.Sae.Direction(match).to(float32).cpu(), 0).item<float>();
    }

    private static Tensor Ids(IEnumerable<int> ids) => tensor([.. ids.Select(i => (long)i)]);
}
