using SaeNotebooks.Runtime;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Activations;

/// <summary>The nonlinearity of an SAE: which pre-activations survive, and with what value.</summary>
public abstract record SparseActivation
{
    /// <summary>SAELens's name of the architecture.</summary>
    public abstract string Architecture { get; }

    /// <summary>Keeps the latents that fire.</summary>
    /// <param name="pre">[tokens, d_sae] float32 pre-activations</param>
    /// <returns>ids [tokens, slots] int64 and values [tokens, slots] float32; the caller owns both</returns>
    internal abstract (Tensor Ids, Tensor Values) Select(Tensor pre);

    /// <summary>Slots for as many latents as fire at the busiest token.</summary>
    private protected static (Tensor Ids, Tensor Values) Compact(Tensor dense)
    {
        var slots = Math.Max(1, (int)dense.gt(Scalars.Zero).sum(1).max().item<long>());
        var (values, ids) = dense.topk(slots, 1);
        return (ids, values);
    }
}

/// <summary>max(0, pre).</summary>
public sealed record Relu : SparseActivation
{
    /// <inheritdoc/>
    public override string Architecture => "standard";

    internal override (Tensor Ids, Tensor Values) Select(Tensor pre) => Compact(pre.relu());
}
