using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Translation.Discovery;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Transfer;

/// <summary>Activations at the last token of prompts that both models read: the one token that both are sure to share, whatever their tokenizers. Impostors are the
/// latents themselves with the prompts dealt out anew.</summary>
internal sealed class ActivationSignatures : Signatures
{
    private readonly Tensor _rows; // [hooks, prompts, d_model]

    /// <param name="side">the model and its SAEs</param>
    /// <param name="prompts">at least three; the more they differ in what the latents are about, the more a correlation says</param>
    /// <param name="cancel">looked at before every batch</param>
    /// <exception cref="ArgumentException">too few prompts</exception>
    public ActivationSignatures(LatentSide side, IReadOnlyList<string> prompts, CancellationToken cancel) : base(side)
    {
        if (prompts.Count < 3) throw new ArgumentException($"{prompts.Count} prompts say nothing about correlation; give at least three.", nameof(prompts));
        _rows = TokenRows.Last(side.Model, [.. prompts.Select(p => side.Model.Encode(p))], side.Saes.Hooks, cancel);
    }

    public override Tensor OfLayer(int layer) => Side.Use(layer, sae =>
    {
        using var scope = NewDisposeScope();
        using var latents = sae.Encode(_rows[Side.Saes.Hooks.Index().First(h => h.Item.Layer == layer).Index]);
        return Standardised(latents.ToDense().to(float32).cpu().t()).MoveToOuterDisposeScope();
    });

    public override Tensor Impostors(IReadOnlyList<LatentId> latents, Tensor own, Rng rng)
    {
        var order = Enumerable.Range(0, (int)own.shape[1]).Select(i => (Prompt: (long)i, Place: rng.NextBits())).OrderBy(p => p.Place).Select(p => p.Prompt);
        using var prompts = tensor([.. order]);
        return own.index_select(1, prompts);
    }

    public override void Dispose() => _rows.Dispose();
}
