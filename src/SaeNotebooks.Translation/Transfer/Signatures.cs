using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Translation.Discovery;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Transfer;

/// <summary>
/// What latents of two models can be compared by, though their streams have different bases: a vector over something that both models share. Signatures have
/// mean 0 and length 1, so that products are correlations; those that do not vary are 0.
/// </summary>
/// <param name="side">the model and its SAEs</param>
internal abstract class Signatures(LatentSide side) : IDisposable
{
    /// <summary>The model and its SAEs.</summary>
    public LatentSide Side => side;

    /// <summary>Of all latents after a layer: [latents, n]; the caller owns it.</summary>
    public abstract Tensor OfLayer(int layer);

    /// <summary>One stand-in for each latent, that has what any latent has in common with it, but not its meaning: [latents, n]; the caller owns it.</summary>
    /// <param name="latents">which</param>
    /// <param name="own">[latents, n], their signatures</param>
    /// <param name="rng">decides them</param>
    public abstract Tensor Impostors(IReadOnlyList<LatentId> latents, Tensor own, Rng rng);

    /// <summary>Every latent, layer after layer, in the order of <see cref="All"/>.</summary>
    public IReadOnlyList<LatentId> Ids() => [.. side.Saes.Hooks.SelectMany(h => side.Use(h.Layer, sae => Enumerable.Range(0, sae.Width).Select(j => new LatentId(h.Layer, j)).ToList()))];

    /// <summary>Of every latent: [latents, n]; the caller owns it.</summary>
    public Tensor All()
    {
        using var scope = NewDisposeScope();
        return cat([.. side.Saes.Hooks.Select(h => OfLayer(h.Layer))]).MoveToOuterDisposeScope();
    }

    /// <summary>Of some latents: [latents, n]; the caller owns it.</summary>
    public Tensor Of(IReadOnlyList<LatentId> latents) => ByLayer(latents, (layer, own) =>
    {
        using var all = OfLayer(layer);
        return all.index_select(0, tensor([.. own.Select(l => (long)l.Latent)]));
    });

    /// <inheritdoc/>
    public virtual void Dispose() { }

    /// <summary>Puts rows that are made layer by layer into the order of the latents: [latents, n]; the caller owns it.</summary>
    protected static Tensor ByLayer(IReadOnlyList<LatentId> latents, Func<int, IReadOnlyList<LatentId>, Tensor> rows)
    {
        using var scope = NewDisposeScope();
        var layers = latents.Index().GroupBy(l => l.Item.Layer).ToList();
        var together = cat([.. layers.Select(g => rows(g.Key, [.. g.Select(l => l.Item)]))]);
        var order = layers.SelectMany(g => g.Select(l => l.Index)).Index().OrderBy(p => p.Item).Select(p => (long)p.Index);
        return together.index_select(0, tensor([.. order])).MoveToOuterDisposeScope();
    }

    /// <summary>Rows with mean 0 and length 1: [latents, n]; the caller owns it.</summary>
    public static Tensor Standardised(Tensor rows)
    {
        using var scope = NewDisposeScope();
        var centred = rows - rows.mean([1L], keepdim: true);
        var norms = centred.norm(1, keepdim: true);
        return where(norms > 1e-5 * rows.abs().amax([1L], keepdim: true), centred / norms, zeros_like(centred)).MoveToOuterDisposeScope();
    }
}
