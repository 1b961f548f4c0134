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

    internal override RowScan Scan(float[] bias) => new ThresholdScan(bias, new float[bias.Length]);
}
