using SaeNotebooks.Runtime;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Normalisations;

/// <summary>x · √d_in / ‖x‖: every token gets the norm √d_in (SAELens's <c>constant_norm_rescale</c>).</summary>
public sealed record ConstantNorm : Normalisation
{
    /// <inheritdoc/>
    public override string Name => "constant_norm_rescale";

    internal override Normalised Apply(Tensor rows)
    {
        // The least norm keeps a token of zeros at zero.
        var scale = rows.norm(1, keepdim: true).clamp_min(Smallest).Times(1 / Math.Sqrt(rows.shape[1])); // ‖x‖ / √d_in
        return new(rows / scale, scale, null);
    }

    private static readonly TorchSharp.Scalar Smallest = 1e-30;
}
