using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>y = x Wᵀ + b</summary>
/// <param name="Weight">[d_out, d_in]</param>
/// <param name="Bias">[d_out], or null</param>
internal sealed record Linear(Tensor Weight, Tensor? Bias)
{
    /// <param name="x">[…, d_in]</param>
    /// <returns>[…, d_out]</returns>
    public Tensor Forward(Tensor x) => PointwiseConvolution.Suits(x, Weight) ? PointwiseConvolution.Linear(x, Weight, Bias)
        : nn.functional.linear(x, Weight, Bias!);
}
