using SaeNotebooks.Saes;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Evaluation;

/// <summary>How alike the directions of latents are.</summary>
/// <param name="MeanNearest">cosine of each decoder row with the most similar other one, mean over rows</param>
/// <param name="MedianNearest">its median</param>
/// <param name="NearlySame">share of rows with another at a cosine above 0.9</param>
/// <param name="MeanNorm">mean norm of the rows</param>
public sealed record DecoderGeometry(double MeanNearest, double MedianNearest, double NearlySame, double MeanNorm)
{
    /// <summary>A direction of no length has cosine 0 with all others.</summary>
    private static readonly TorchSharp.Scalar Least = 1e-12;

    /// <summary>Cosines at a time (16 MB).</summary>
    private const long ChunkElements = 1 << 22;

    /// <summary>Measures an SAE's decoder.</summary>
    public static DecoderGeometry Of(Sae sae)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var rows = sae.Decoder; // [d_sae, d_out]
        var norms = rows.norm(1).clamp_min(Least);
        var chunk = Math.Max(1, ChunkElements / sae.Width);
        var nearest = new List<Tensor>();
        for (var at = 0L; at < sae.Width; at += chunk)
        {
            using var inner = NewDisposeScope();
            var count = Math.Min(chunk, sae.Width - at);
            var cosines = rows.narrow(0, at, count).div(norms.narrow(0, at, count).unsqueeze(1)).matmul(rows.t()).div_(norms); // [chunk, d_sae]
            cosines.diagonal(at).fill_(-1); // not with itself
            nearest.Add(cosines.amax([1]).MoveToOuterDisposeScope());
        }
        var all = cat([.. nearest]);
        return new(all.mean().item<float>(), all.median().item<float>(), all.gt(tensor(0.9f)).to(float64).mean().item<double>(),
            norms.mean().item<float>());
    }
}
