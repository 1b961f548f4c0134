using SaeNotebooks.Checkpoints;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Formats;

/// <summary>
/// Where d_in = d_sae, shapes do not tell a matrix from its transpose, but reconstruction does: what a latent writes, it must read. On a
/// trained SAE the column of W_enc and the row of W_dec of a latent point the same way, and the row of W_enc does not.
/// </summary>
internal static class SquareCheck
{
    /// <summary>Mean cosine from which two sets of directions are the same ones; for random directions it is near 0.</summary>
    private const double Aligned = 0.2;

    /// <exception cref="CheckpointException">the encoder reads along what the decoder writes only if it is transposed</exception>
    public static void RequireEncoderUpright(Sae sae, string path)
    {
        if (sae.InputWidth != sae.Width || sae.OutputWidth != sae.Width || sae.Config.IsTranscoder) return;
        using var scope = NewDisposeScope();
        var (upright, transposed) = (MeanCosine(sae.Encoder.t(), sae.Decoder), MeanCosine(sae.Encoder, sae.Decoder));
        if (transposed > Aligned && transposed > 2 * Math.Abs(upright))
            throw new CheckpointException(path, "W_enc", $"is transposed: its rows point along those of W_dec (mean cosine {transposed:0.00}), its columns do not ({upright:0.00}), so that nothing would be reconstructed");
    }

    private static double MeanCosine(Tensor a, Tensor b) => nn.functional.cosine_similarity(a, b, 1, 1e-12).mean().item<float>();
}
