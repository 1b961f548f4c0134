using System.Numerics.Tensors;
using static SaeNotebooks.Training.LanguageModels.Gradient.RowLoop;
using Tensor = TorchSharp.torch.Tensor;

namespace SaeNotebooks.Training.LanguageModels.Gradient;

/// <summary>Softmax over the keys that a query may look at: its own past, as <see cref="TrainingBatch.Sees"/> says.</summary>
internal static class MaskedSoftmaxKernel
{
    /// <summary>SoftMax takes exponentials as they come: e⁸⁹ is too large for a float32, and where all are e⁻¹⁰⁴ or less their sum is 0.</summary>
    private const float SafeExponent = 80;

    /// <param name="scores">[batch · heads · pos, pos], overwritten with the attention pattern</param>
    /// <param name="batch">the documents, whose masks apply</param>
    /// <param name="heads">attention heads</param>
    public static void Forward(Tensor scores, TrainingBatch batch, int heads)
    {
        var length = batch.Length;
        ByPiece((int)scores.shape[0], (_, from, to) =>
        {
            var all = Floats(scores);
            for (var row = from; row < to; row++)
            {
                var (document, query) = (row / length / heads, row % length);
                var keys = all.Slice(row * length, length);
                var past = keys[..(query + 1)];
                for (var key = 0; batch.Masked[document] && key < query; key++)
                    if (!batch.Sees(document, query, key)) past[key] = float.NegativeInfinity;
                var largest = TensorPrimitives.Max<float>(past);
                if (Math.Abs(largest) > SafeExponent) TensorPrimitives.Subtract(past, largest, past);
                TensorPrimitives.SoftMax(past, past);
                keys[(query + 1)..].Clear();
            }
        });
    }

    /// <summary>ds = p ∘ (dp − p·dp)</summary>
    /// <param name="pattern">[batch · heads · pos, pos]</param>
    /// <param name="dPattern">the same shape, overwritten with the gradient of the scores</param>
    /// <param name="length">tokens per document</param>
    public static void Backward(Tensor pattern, Tensor dPattern, int length) => ByPiece((int)pattern.shape[0], (_, from, to) =>
    {
        var p = Floats(pattern);
        var dp = Floats(dPattern);
        for (var row = from; row < to; row++)
        {
            var past = row % length + 1;
            var given = p.Slice(row * length, past);
            var gradient = dp.Slice(row * length, length);
            var looked = gradient[..past];
            var rest = gradient[past..];
            TensorPrimitives.Subtract(looked, TensorPrimitives.Dot<float>(given, looked), looked);
            TensorPrimitives.Multiply(looked, given, looked);
            rest.Clear();
        }
    });
}
