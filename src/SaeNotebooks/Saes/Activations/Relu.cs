using SaeNotebooks.Saes.Kernels;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Activations;

/// <summary>max(0, pre).</summary>
public sealed record Relu : SparseActivation
{
    /// <inheritdoc/>
    public override string Architecture => "standard";

    /// <inheritdoc/>
    public override Tensor Dense(Tensor pre) => pre.relu();

    internal override SparseActivation Of(Tensor index) => this;

    internal override LatentScan Scan(int tokens, float[] bias) => new ThresholdScan(tokens, bias, new float[bias.Length]);
}
