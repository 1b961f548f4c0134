namespace SaeNotebooks.Training.LanguageModels;

/// <summary>The sizes of a Llama-style decoder that is trained here.</summary>
/// <param name="Layers">number of blocks</param>
/// <param name="Width">d_model, the width of the residual stream</param>
/// <param name="Heads">attention heads; the head width is <c>Width / Heads</c> and must be even for rotary positions</param>
/// <param name="MlpWidth">hidden width of the gated MLP</param>
/// <param name="Vocabulary">number of token ids</param>
/// <param name="Context">longest sequence, in tokens</param>
public sealed record DecoderShape(int Layers, int Width, int Heads, int MlpWidth, int Vocabulary, int Context)
{
    /// <summary>Base of the rotary frequencies (Su et al. 2021).</summary>
    public const double RopeTheta = 10_000;

    /// <summary>Added to the mean square in RMSNorm.</summary>
    public const double NormEpsilon = 1e-5;

    /// <summary>Width of one head.</summary>
    public int HeadWidth => Width / Heads;

    /// <summary>Number of parameters; the unembedding is the embedding (tied).</summary>
    public long ParameterCount =>
        (long)Vocabulary * Width + (long)Layers * (4L * Width * Width + 3L * Width * MlpWidth + 2L * Width) + Width;
}
