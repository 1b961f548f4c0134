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
    private const long ChunkElements = 1 << 24;

    /// <summary>Measures an SAE's decoder.</summary>
    public static DecoderGeometry Of(Sae sae)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var rows = nn.functional.normalize(sae.Decoder, dim: -1); // [d_sae, d_out]
        var chunk = Math.Max(1, ChunkElements / sae.Width);
        var nearest = new List<Tensor>();
        for (var at = 0L; at < sae.Width; at += chunk)
        {
            using var inner = NewDisposeScope();
            var part = rows.narrow(0, at, Math.Min(chunk, sae.Width - at));
            var cosines = part.matmul(rows.t()); // [chunk, d_sae]
            cosines.diagonal(at).fill_(-1); // not with itself
            nearest.Add(cosines.amax([1]).MoveToOuterDisposeScope());
        }
        var all = cat([.. nearest]);
        return new(all.mean().item<float>(), all.median().item<float>(), all.gt(tensor(0.9f)).to(float64).mean().item<double>(),
            (sae.Decoder * sae.Decoder).sum(-1).sqrt().mean().item<float>());
    }
}
