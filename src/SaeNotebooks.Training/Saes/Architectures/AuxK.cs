using SaeNotebooks.Runtime;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Saes.Architectures;

/// <summary>
/// The auxiliary loss of TopK SAEs (Gao et al. 2024, appendix A.2): the strongest dead latents reconstruct what the living leave over, so
/// that they come back where they are needed.
/// </summary>
internal static class AuxK
{
    /// <summary>Mean over tokens of ‖ê − e‖², less where few latents are dead.</summary>
    /// <param name="centred">[batch, d_in]: the input, without the decoder's bias where that is subtracted</param>
    /// <param name="residual">[batch, d_out]: reconstruction − target, without gradient; e is its negative</param>
    /// <param name="encoder">[dead, d_in]: rows of the dead latents</param>
    /// <param name="bias">[dead]: their encoder biases</param>
    /// <param name="decoder">[dead, d_out]: their decoder rows</param>
    /// <param name="decoderBias">[d_out]: added to what they write; null for nothing</param>
    public static Tensor Loss(Tensor centred, Tensor residual, Tensor encoder, Tensor bias, Tensor decoder, Tensor? decoderBias)
    {
        var usual = Math.Max(1, centred.shape[1] / 2); // k_aux of the paper's appendix B.1
        var (dead, k) = (encoder.shape[0], Math.Min(usual, encoder.shape[0]));
        var norms = (decoder * decoder).sum(-1).sqrt();
        var scores = centred.matmul(encoder.t()).Plus(bias) * norms; // [batch, dead]
        var (values, ids) = scores.topk((int)k, -1);
        var written = zeros_like(scores).scatter(-1, ids, values) / norms;
        var left = written.matmul(decoder).Plus(residual); // ê − e
        if (decoderBias is not null) left = left.Plus(decoderBias);
        return (left * left).sum(-1).mean().Times(Math.Min(1, (double)dead / usual));
    }
}
