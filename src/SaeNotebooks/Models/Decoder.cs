using SaeNotebooks.Hooks;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>Embedding, blocks, head: what every family is made of.</summary>
/// <param name="Embedding">from tokens to the residual stream</param>
/// <param name="Blocks">the layers, from the first on</param>
/// <param name="Head">from the residual stream to logits; null if later layers were left out</param>
internal sealed record Decoder(TokenEmbedding Embedding, IReadOnlyList<Block> Blocks, Head? Head)
{
    /// <summary>Which logits a pass computes.</summary>
    public enum Logits { None, LastColumn, All }

    /// <summary>Every hook that there is.</summary>
    public IEnumerable<HookName> Hooks => [.. Embedding.Hooks, .. Blocks.SelectMany(b => b.Hooks), .. Head?.Norm.Hooks ?? []];

    /// <param name="ids">[batch, pos], int64</param>
    /// <param name="pass">the run whose hooks fire</param>
    /// <param name="logits">which logits are wanted; with none, the pass ends at its last capture</param>
    /// <param name="cancellation">looked at before every block</param>
    /// <returns>[batch, pos, vocab] or [batch, 1, vocab], float32; null if none are wanted</returns>
    public Tensor? Forward(Tensor ids, ForwardPass pass, Logits logits, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var normalized = Normalized(ids, pass, logits, cancellation);
        return logits == Logits.None || normalized is null ? null : Head!.Logits(normalized).MoveToOuterDisposeScope();
    }

    /// <summary>All of a pass but the unembedding.</summary>
    /// <inheritdoc cref="Forward"/>
    /// <returns>[batch, pos, d_model] or [batch, 1, d_model], what logits are made of; null if the pass ended before</returns>
    public Tensor? Normalized(Tensor ids, ForwardPass pass, Logits logits, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var isDone = () => logits == Logits.None && pass.HasAllCaptures;
        var x = Embedding.Forward(ids, pass); // [batch, pos, d_model]
        for (var layer = 0; layer < Blocks.Count && !isDone(); layer++)
        {
            cancellation.ThrowIfCancellationRequested();
            x = RunBlock(layer, x, pass, isDone);
        }
        if (isDone() || Head is null) return null;
        if (logits == Logits.LastColumn && pass.Columns.Count > 1 && !Head.Norm.Hooks.Any(pass.IsActive))
            x = x.narrow(1, x.size(1) - 1, 1);
        var normalized = Head.Norm.Forward(x, pass);
        if (logits == Logits.LastColumn) normalized = normalized.narrow(1, normalized.size(1) - 1, 1);
        return normalized.MoveToOuterDisposeScope();
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
