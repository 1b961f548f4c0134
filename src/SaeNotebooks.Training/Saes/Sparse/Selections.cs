using SaeNotebooks.Runtime;
using SaeNotebooks.Saes.Activations;
using SaeNotebooks.Saes.Kernels;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Saes.Sparse;

/// <summary>Chooses the active latents of a batch by their scores, x · scoring + bias.</summary>
internal interface ISelection
{
    /// <summary>The pairs that stay, with their scores as values.</summary>
    /// <param name="x">[batch, d_in] float32, centred</param>
    /// <param name="scoring">[d_sae, d_in] float32, contiguous</param>
    /// <param name="bias">[d_sae]</param>
    ActivePairs Choose(Tensor x, Tensor scoring, Tensor bias);
}

/// <summary>The K strongest of each token.</summary>
internal sealed class TopKSelection(int k) : ISelection
{
    public ActivePairs Choose(Tensor x, Tensor scoring, Tensor bias) => ActivePairs.Of(SparseEncoder.Run(x, scoring, bias, new TopK(k)));
}

/// <summary>The strongest of the whole batch. Only scores above a guess are looked at; should they be too few, all are.</summary>
/// <param name="k">how many stay per token, on average</param>
/// <param name="tokens">tokens in the batch</param>
internal sealed class BatchTopKSelection(double k, long tokens) : ISelection
{
    private const int SampledTokens = 32;
    private readonly int _count = (int)(k * tokens);

    public ActivePairs Choose(Tensor x, Tensor scoring, Tensor bias)
    {
        using var scope = NewDisposeScope();
        var found = Above(Guess(x, scoring, bias), x, scoring, bias);
        return (found.Count >= _count ? found : Above(0, x, scoring, bias)).Strongest(_count);
    }

    private static ActivePairs Above(float bar, Tensor x, Tensor scoring, Tensor bias) =>
        ActivePairs.Of(SparseEncoder.Run(x, scoring, bias, new JumpRelu(full_like(bias, bar))));

    /// <summary>What twice as many scores as shall stay are above, going by some tokens.</summary>
    private float Guess(Tensor x, Tensor scoring, Tensor bias)
    {
        var sample = Math.Min(SampledTokens, x.shape[0]);
        var scores = x.narrow(0, 0, sample).matmul(scoring.t()).Plus(bias).flatten();
        var above = (int)Math.Clamp(2 * k * sample, 1, scores.shape[0]);
        return Math.Max(0, scores.topk(above).values.min().item<float>());
    }
}
