using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>y = x Wᵀ + b</summary>
/// <param name="Weight">[d_out, d_in]</param>
/// <param name="Bias">[d_out], or null</param>
internal sealed record Linear(Tensor Weight, Tensor? Bias)
{
    /// <param name="x">[…, d_in]</param>
    /// <returns>[…, d_out], contiguous</returns>
    public Tensor Forward(Tensor x)
    {
        var y = AnyLayout(x);
        return y.is_contiguous() ? y : y.view(-1, y.shape[^1]).contiguous().view(y.shape); // only of two dimensions libtorch's transposition is a fast one
    }

    /// <summary>The same where the next operation does not care how the numbers lie.</summary>
    /// <param name="x">[…, d_in]</param>
    /// <returns>[…, d_out], with the outputs or the tokens innermost</returns>
    public Tensor AnyLayout(Tensor x) => RowProduct.Suits(x, Weight) ? RowProduct.Linear(x, Weight, Bias)
        : PointwiseConvolution.Suits(x, Weight) ? PointwiseConvolution.Linear(x, Weight, Bias)
        : nn.functional.linear(x, Weight, Bias!);
}
