using SaeNotebooks.Hooks;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>Embedding, blocks, final norm, unembedding: what every family is made of.</summary>
/// <param name="Embedding">[vocab, d_model]</param>
/// <param name="Blocks">the layers</param>
/// <param name="FinalNorm">before the unembedding</param>
/// <param name="Unembedding">weight [vocab, d_model]; the embedding itself where they are tied</param>
internal sealed record Decoder(Tensor Embedding, IReadOnlyList<IBlock> Blocks, INorm FinalNorm, Linear Unembedding)
{
    /// <summary>Which logits a pass computes.</summary>
    public enum Logits { None, LastColumn, All }

    /// <param name="ids">[batch, pos], int64</param>
    /// <param name="pass">the run whose hooks fire</param>
    /// <param name="logits">which logits are wanted; with none, the pass ends at its last capture</param>
    /// <param name="cancellation">looked at before every block</param>
    /// <returns>[batch, pos, vocab] or [batch, 1, vocab], float32; null if none are wanted</returns>
    public Tensor? Forward(Tensor ids, ForwardPass pass, Logits logits, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var isDone = () => logits == Logits.None && pass.HasAllCaptures;
        var x = pass.At(Hook.Embed, Embedding.index_select(0, ids.view(-1)).view(ids.shape[0], ids.shape[1], -1)); // [batch, pos, d_model]
        for (var layer = 0; layer < Blocks.Count && !isDone(); layer++)
        {
            cancellation.ThrowIfCancellationRequested();
            x = RunBlock(layer, x, pass, isDone);
        }
        if (isDone()) return null;
        if (logits == Logits.LastColumn && pass.Columns.Count > 1 && !pass.IsActive(Hook.LnFinalScale)
            && !pass.IsActive(Hook.LnFinalNormalized))
            x = x.narrow(1, x.shape[1] - 1, 1);
        var normalized = FinalNorm.Forward(x, pass);
        if (logits == Logits.None) return null;
        if (logits == Logits.LastColumn) normalized = normalized.narrow(1, normalized.shape[1] - 1, 1);
        return Unembedding.Forward(normalized).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>In a scope of its own, so that a block's intermediate results are gone before the next one begins.</summary>
    private Tensor RunBlock(int layer, Tensor x, ForwardPass pass, Func<bool> isDone)
    {
        using var scope = NewDisposeScope();
        var entering = pass.At(Hook.ResidPre(layer), x);
        if (isDone()) return x;
        var leaving = Blocks[layer].Forward(entering, pass).MoveToOuterDisposeScope();
        x.Dispose();
        return leaving;
    }
}
