using SaeNotebooks.Models;
using SaeNotebooks.Runtime;
using SaeNotebooks.Saes;
using SaeNotebooks.Training.Evaluation;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Discovery;

/// <summary>
/// The consistency of influences on the final residual stream at the last prompt token: there what a latent does depends on the prompt, and ρ is
/// no longer a mere firing rate. Each case is an edited pass; only its last token and the layers above are run.
/// </summary>
/// <param name="model">the model</param>
/// <param name="change">the intervention at the last token</param>
/// <param name="zeros">what cases without change are</param>
public sealed class DownstreamInfluence(HookedTransformer model, LatentChange change, ZeroRows zeros = ZeroRows.Count)
{
    private const int PromptsPerBatch = 64, RowsPerPass = 256;

    /// <summary>Measures latents of one SAE.</summary>
    /// <param name="sae">at <c>hook_resid_post</c> of a layer</param>
    /// <param name="prompts">token ids</param>
    /// <param name="latents">which</param>
    /// <param name="cancel">looked at before every block</param>
    /// <returns>one for each latent</returns>
    public IReadOnlyList<Consistency> Of(Sae sae, IReadOnlyList<IReadOnlyList<int>> prompts, IReadOnlyList<int> latents, CancellationToken cancel = default)
    {
        using var scope = NewDisposeScope();
        var vectors = Vectors(sae, prompts, latents, cancel);
        return [.. latents.Select((_, i) => Consistency.Of(vectors[i], zeros))];
    }

    /// <summary>The influences themselves: [latents, prompts, d_model] float32 on the CPU, for with many latents they would fill a GPU; the caller owns it.</summary>
    /// <inheritdoc cref="Of"/>
    public Tensor Vectors(Sae sae, IReadOnlyList<IReadOnlyList<int>> prompts, IReadOnlyList<int> latents, CancellationToken cancel = default)
    {
        var vectors = empty(latents.Count, prompts.Count, model.Config.DModel).zero_();
        foreach (var batch in Batches.ByLength(prompts, PromptsPerBatch)) Fill(vectors, sae, prompts, batch, latents, cancel);
        return vectors;
    }

    private void Fill(Tensor vectors, Sae sae, IReadOnlyList<IReadOnlyList<int>> prompts, int[] batch, IReadOnlyList<int> latents, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        var layer = sae.Config.Hook.Layer;
        var top = model.Config.NLayers - 1;
        using var run = new ResumableRun(model, new TokenBatch(batch.Select(i => prompts[i]), Padding.Left), 1, [layer, top], cancel);
        using var encoded = sae.Encode(run.Residual(layer)); // [batch, 1, d_model]
        var cases = (from l in latents.Index()
                     from row in encoded[l.Item].Index()
                     let move = change.Of(row.Item)
                     where move != 0
                     select (Latent: l.Index, Row: row.Index, Move: (float)move)).ToList();
        foreach (var chunk in cases.Chunk(RowsPerPass))
        {
            using var inner = NewDisposeScope();
            var rows = Index(chunk.Select(c => c.Row));
            var moves = tensor([.. chunk.Select(c => c.Move)], [chunk.Length, 1], device: model.Device);
            if (encoded.Scale is { } scale) moves = moves * scale.index_select(0, rows);
            var written = moves * sae.Decoder.index_select(0, Index(chunk.Select(c => latents[c.Latent]))); // [cases, d_model]
            var edited = run.Residual(layer).index_select(0, rows).Plus(written.unsqueeze(1).to(model.Dtype));
            var final = run.Resume(layer, [.. chunk.Select(c => c.Row)], edited, cancel) - run.Residual(top).index_select(0, rows);
            vectors.index_put_(final.squeeze(1).to(float32).cpu(), Index(chunk.Select(c => c.Latent)).cpu(), Index(chunk.Select(c => batch[c.Row])).cpu());
        }
    }

    private Tensor Index(IEnumerable<int> indices) => tensor([.. indices.Select(i => (long)i)], device: model.Device);
}
