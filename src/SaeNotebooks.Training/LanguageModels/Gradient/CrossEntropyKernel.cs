using System.Numerics.Tensors;
using static SaeNotebooks.Training.LanguageModels.Gradient.RowLoop;
using Tensor = TorchSharp.torch.Tensor;

namespace SaeNotebooks.Training.LanguageModels.Gradient;

/// <summary>Mean over rows of −log softmax(logits)[target].</summary>
internal static class CrossEntropyKernel
{
    /// <param name="logits">[n, vocabulary], overwritten with their gradient: (softmax − one-hot) / n</param>
    /// <param name="targets">the n right ids</param>
    /// <returns>the loss in nats</returns>
    public static double LossAndGradient(Tensor logits, long[] targets)
    {
        var vocabulary = (int)logits.shape[1];
        var partial = new double[Pieces(targets.Length)];
        ByPiece(targets.Length, (piece, from, to) =>
        {
            var all = Floats(logits);
            for (var row = from; row < to; row++)
            {
                var z = all.Slice(row * vocabulary, vocabulary);
                var target = (int)targets[row];
                TensorPrimitives.Subtract(z, TensorPrimitives.Max<float>(z), z);
                var right = z[target];
                TensorPrimitives.Exp(z, z);
                var sum = TensorPrimitives.Sum<float>(z);
                partial[piece] += Math.Log(sum) - right;
                TensorPrimitives.Multiply(z, 1 / (sum * targets.Length), z);
                z[target] -= 1f / targets.Length;
            }
        });
        return partial.Sum() / targets.Length;
    }
}
