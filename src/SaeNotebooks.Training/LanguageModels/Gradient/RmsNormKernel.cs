using System.Numerics.Tensors;
using static SaeNotebooks.Training.LanguageModels.Gradient.RowLoop;
using Tensor = TorchSharp.torch.Tensor;

namespace SaeNotebooks.Training.LanguageModels.Gradient;

/// <summary>y = g ∘ x·r with r = 1/√(mean(x²) + ε)   (Zhang and Sennrich 2019)</summary>
internal static class RmsNormKernel
{
    /// <param name="x">[n, width]</param>
    /// <param name="gain">[width]</param>
    /// <param name="y">[n, width], overwritten</param>
    /// <param name="inverse">[n, 1], overwritten with r</param>
    public static void Forward(Tensor x, Tensor gain, Tensor y, Tensor inverse)
    {
        var width = (int)x.shape[1];
        ByPiece((int)x.shape[0], (_, from, to) =>
        {
            var input = Floats(x);
            var output = Floats(y);
            var r = Floats(inverse);
            var g = Floats(gain);
            for (var row = from; row < to; row++)
            {
                var source = input.Slice(row * width, width);
                var target = output.Slice(row * width, width);
                r[row] = (float)(1 / Math.Sqrt(TensorPrimitives.SumOfSquares<float>(source) / width + DecoderShape.NormEpsilon));
                TensorPrimitives.Multiply(source, r[row], target);
                TensorPrimitives.Multiply(target, g, target);
            }
        });
    }

    /// <summary>dx ← dx + r·t − x·r³·(t·x)/width with t = dy ∘ g;   dg = Σ dy ∘ x·r</summary>
    /// <param name="dy">[n, width], overwritten with something else</param>
    /// <param name="x">[n, width], the input</param>
    /// <param name="gain">[width]; its gradient is overwritten</param>
    /// <param name="inverse">[n, 1], r</param>
    /// <param name="dx">[n, width], added to</param>
    public static void Backward(Tensor dy, Tensor x, Weight gain, Tensor inverse, Tensor dx)
    {
        var width = (int)x.shape[1];
        var rows = (int)x.shape[0];
        var partial = new float[Pieces(rows)][]; // of dg
        ByPiece(rows, (piece, from, to) =>
        {
            var input = Floats(x);
            var upstream = Floats(dy);
            var r = Floats(inverse);
            var g = Floats(gain.Value);
            var output = Floats(dx);
            var (sum, product) = (new float[width], new float[width]);
            for (var row = from; row < to; row++)
            {
                var source = input.Slice(row * width, width);
                var t = upstream.Slice(row * width, width);
                var target = output.Slice(row * width, width);
                TensorPrimitives.Multiply(t, source, product);
                TensorPrimitives.MultiplyAdd(product, r[row], sum, sum);
                TensorPrimitives.Multiply(t, g, t);
                TensorPrimitives.MultiplyAdd(t, r[row], target, target);
                var back = -r[row] * r[row] * r[row] * TensorPrimitives.Dot<float>(t, source) / width;
                TensorPrimitives.MultiplyAdd(source, back, target, target);
            }
            partial[piece] = sum;
        });
        var gradient = Floats(gain.Gradient);
        gradient.Clear();
        foreach (var sum in partial) TensorPrimitives.Add(gradient, sum, gradient);
    }
}
