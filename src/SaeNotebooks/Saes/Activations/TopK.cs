using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Activations;

/// <summary>The K largest pre-activations of each token, if positive (Gao et al. 2024).</summary>
/// <param name="K">latents that may fire per token</param>
public sealed record TopK(int K) : SparseActivation
{
    /// <inheritdoc/>
    public override string Architecture => "topk";

    internal override (Tensor Ids, Tensor Values) Select(Tensor pre)
    {
        var (values, ids) = pre.topk(K, 1);
        return (ids, values.relu());
    }
}
