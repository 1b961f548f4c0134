using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Normalisations;

/// <summary>(x − mean) / (std + 1e-5) over the dimensions of a token, with the unbiased standard deviation; undone with std alone (Gao et al.
/// 2024, whose code SAELens follows).</summary>
public sealed record LayerNorm : Normalisation
{
    /// <inheritdoc/>
    public override string Name => "layer_norm";

    internal override Normalised Apply(Tensor rows)
    {
        var mean = rows.mean([1], keepdim: true);
        var centred = rows - mean;
        var deviation = centred.std(1, unbiased: true, keepdim: true);
        return new(centred / deviation.add(Epsilon), deviation, mean);
    }

    private static readonly TorchSharp.Scalar Epsilon = 1e-5;
}
