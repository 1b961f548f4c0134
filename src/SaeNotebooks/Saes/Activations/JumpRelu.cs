using SaeNotebooks.Saes.Kernels;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Activations;

/// <summary>
/// pre where pre is strictly above the latent's threshold, and positive, else 0 (Rajamanoharan et al. 2024). BatchTopK and Matryoshka
/// SAEs are of this kind once they are trained.
/// </summary>
/// <param name="Threshold">[d_sae] float32; owned by the SAE</param>
public sealed record JumpRelu(Tensor Threshold) : SparseActivation
{
    /// <inheritdoc/>
    public override string Architecture => "jumprelu";

    /// <inheritdoc/>
    public override Tensor Dense(Tensor pre)
    {
        using var scope = NewDisposeScope();
        return (pre.relu() * pre.gt(Threshold)).MoveToOuterDisposeScope();
    }

    internal override SparseActivation Of(Tensor index) => new JumpRelu(Threshold.index_select(0, index));

    internal override LatentScan Scan(int tokens, float[] bias)
    {
        var thresholds = Managed(Threshold);
        for (var i = 0; i < thresholds.Length; i++) thresholds[i] = Math.Max(thresholds[i], 0);
        return new ThresholdScan(tokens, bias, thresholds);
    }

    internal override IEnumerable<Tensor> Tensors => [Threshold];

    internal override void RequireFit(int width) => RequireLatents(Threshold, "threshold", width);
}
