using System.Numerics.Tensors;
using static SaeNotebooks.Training.LanguageModels.Gradient.RowLoop;
using Tensor = TorchSharp.torch.Tensor;

namespace SaeNotebooks.Training.LanguageModels.Gradient;

/// <summary>h = silu(g) ∘ u, silu(g) = g·σ(g), for g and u side by side in one matrix (Shazeer 2020).</summary>
internal static class GatedSiluKernel
{
    /// <param name="both">[n, 2 · width]: g beside u</param>
    /// <param name="hidden">[n, width], overwritten</param>
    public static void Forward(Tensor both, Tensor hidden)
    {
        var width = (int)hidden.shape[1];
        ByPiece((int)hidden.shape[0], (_, from, to) =>
        {
            var input = Floats(both);
            var output = Floats(hidden);
            for (var row = from; row < to; row++)
            {
                var g = input.Slice(2 * row * width, width);
                var u = input.Slice((2 * row + 1) * width, width);
                var h = output.Slice(row * width, width);
                TensorPrimitives.Sigmoid(g, h);
                TensorPrimitives.Multiply(h, g, h);
                TensorPrimitives.Multiply(h, u, h);
            }
        });
    }

    /// <summary>du = dh ∘ silu(g);   dg = dh ∘ u ∘ (s + silu(g)·(1 − s)) with s = σ(g)</summary>
    /// <param name="both">[n, 2 · width]: g beside u, overwritten with dg beside du</param>
    /// <param name="dHidden">[n, width]</param>
    public static void Backward(Tensor both, Tensor dHidden)
    {
        var width = (int)dHidden.shape[1];
        ByPiece((int)dHidden.shape[0], (_, from, to) =>
        {
            var inOut = Floats(both);
            var upstream = Floats(dHidden);
            var (s, silu) = (new float[width], new float[width]);
            for (var row = from; row < to; row++)
            {
                var g = inOut.Slice(2 * row * width, width);
                var u = inOut.Slice((2 * row + 1) * width, width);
                var dh = upstream.Slice(row * width, width);
                TensorPrimitives.Sigmoid(g, s);
                TensorPrimitives.Multiply(g, s, silu);
                TensorPrimitives.Subtract(1, s, g);
                TensorPrimitives.MultiplyAdd(g, silu, s, g);
                TensorPrimitives.Multiply(g, u, g);
                TensorPrimitives.Multiply(g, dh, g);
                TensorPrimitives.Multiply(silu, dh, u);
            }
        });
    }
}
