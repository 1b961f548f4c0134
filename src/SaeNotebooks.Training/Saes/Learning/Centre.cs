using TorchSharp;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Saes.Learning;

/// <summary>Where an SAE begins and in what units it learns, from a sample of the activations.</summary>
internal static class Centre
{
    private const int Iterations = 20;
    private static readonly Scalar Tiny = 1e-6;

    /// <summary>What brings the root-mean-square norm to √d, so that rates and penalties mean the same at every hook.</summary>
    /// <param name="sample">[tokens, d]</param>
    public static double Scale(Tensor sample)
    {
        using var scope = NewDisposeScope();
        return Math.Sqrt(sample.shape[1] / (sample * sample).sum(-1).to(float64).mean().item<double>());
    }

    /// <summary>Geometric median, the first decoder bias: unlike the mean it is not drawn away by few very long activations (Weiszfeld's
    /// iteration); the caller owns it.</summary>
    /// <param name="sample">[tokens, d]</param>
    /// <returns>[d]</returns>
    public static Tensor GeometricMedian(Tensor sample)
    {
        using var scope = NewDisposeScope();
        var median = sample.mean([0L]);
        for (var i = 0; i < Iterations; i++)
        {
            var apart = sample - median;
            var weights = (apart * apart).sum(-1).sqrt().clamp_min(Tiny).reciprocal(); // [tokens]
            median = weights.matmul(sample) / weights.sum();
        }
        return median.MoveToOuterDisposeScope();
    }
}
