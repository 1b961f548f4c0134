using SaeNotebooks.Saes.Kernels;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Activations;

/// <summary>The K largest pre-activations of each token, if positive (Gao et al. 2024).</summary>
/// <param name="K">latents that may fire per token</param>
public sealed record TopK(int K) : SparseActivation
{
    /// <inheritdoc/>
    public override string Architecture => "topk";

    /// <inheritdoc/>
    public override Tensor Dense(Tensor pre)
    {
        using var scope = NewDisposeScope();
        var (values, ids) = pre.topk(K, 1);
        return zeros_like(pre).scatter_(1, ids, values.relu()).MoveToOuterDisposeScope();
    }

    internal override LatentScan Scan(int tokens, float[] bias) => new TopKScan(tokens, bias, K);

    internal override void RequireFit(int width)
    {
        if (K < 1 || K > width) throw new ArgumentException($"k is {K}, and must be from 1 to the SAE's {width} latents.");
    }
}
