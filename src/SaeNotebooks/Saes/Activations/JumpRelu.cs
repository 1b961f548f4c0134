using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Activations;

/// <summary>pre where pre is strictly above the latent's threshold, else 0 (Rajamanoharan et al. 2024).</summary>
/// <param name="Threshold">[d_sae] float32; owned by the SAE</param>
public sealed record JumpRelu(Tensor Threshold) : SparseActivation
{
    /// <inheritdoc/>
    public override string Architecture => "jumprelu";

    internal override (Tensor Ids, Tensor Values) Select(Tensor pre) => Compact(pre.relu() * pre.gt(Threshold));
}
