using SaeNotebooks.Runtime;
using SaeNotebooks.Saes.Kernels;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Saes.Sparse;

/// <summary>Chooses the active latents of a batch from their scores, which come a few tokens at a time.</summary>
internal interface ISelection
{
    /// <summary>The pairs that stay, with their scores as values.</summary>
    /// <param name="tiles">[some tokens, d_sae] float32 scores without bias, valid until the next is asked for; may be gone through again</param>
    /// <param name="bias">[d_sae]: what is to be added to the scores</param>
    ActivePairs Choose(IEnumerable<Tensor> tiles, Tensor bias);
}

/// <summary>The K strongest of each token.</summary>
internal sealed class TopKSelection(int k) : ISelection
{
    public ActivePairs Choose(IEnumerable<Tensor> tiles, Tensor bias)
    {
        var scan = new TopKScan(bias.data<float>().ToArray(), k);
        return ActivePairs.Of([.. tiles.SelectMany(tile => RowScan.Run(tile, scan))]);
    }
}

/// <summary>The strongest of the whole batch. Only scores above a guess are looked at; should they be too few, all are.</summary>
/// <param name="k">how many stay per token, on average</param>
/// <param name="tokens">tokens in the batch</param>
internal sealed class BatchTopKSelection(double k, long tokens) : ISelection
{
    private const int SampledTokens = 32;
    private readonly int _count = (int)(k * tokens);

    public ActivePairs Choose(IEnumerable<Tensor> tiles, Tensor bias)
    {
        var found = Above(null, tiles, bias);
        return (found.Count >= _count ? found : Above(0, tiles, bias)).Strongest(_count);
    }

    private ActivePairs Above(float? bar, IEnumerable<Tensor> tiles, Tensor bias)
    {
        List<LatentBuffer> found = [];
        ThresholdScan? scan = null;
        var biases = bias.data<float>().ToArray();
        foreach (var tile in tiles)
        {
            scan ??= new(biases, [.. Enumerable.Repeat(bar ?? Guess(tile, bias), biases.Length)]);
            found.AddRange(RowScan.Run(tile, scan));
        }
        return ActivePairs.Of(found);
    }

    /// <summary>What twice as many scores as shall stay are above, going by some tokens of the first tile.</summary>
    private float Guess(Tensor tile, Tensor bias)
    {
        using var scope = NewDisposeScope();
        var sample = Math.Min(SampledTokens, tile.shape[0]);
        var scores = tile.narrow(0, 0, sample).Plus(bias).flatten();
        var above = (int)Math.Clamp(2 * k * sample, 1, scores.shape[0]);
        return Math.Max(0, scores.topk(above).values.min().item<float>());
    }
}
