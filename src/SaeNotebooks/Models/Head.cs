using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>From the last residual stream to logits.</summary>
/// <param name="Norm">the final norm</param>
/// <param name="Unembedding">weight [vocab, d_model]; the embedding itself where they are tied</param>
/// <param name="SoftCap">bounds the logits (Gemma 2), or null</param>
internal sealed record Head(Norm Norm, Linear Unembedding, double? SoftCap = null)
{
    /// <param name="normalized">[…, d_model], from <see cref="Norm"/></param>
    /// <returns>[…, vocab], float32</returns>
    public Tensor Logits(Tensor normalized) => SoftCap is { } cap ? SoftCaps.Apply(Uncapped(normalized), cap) : Uncapped(normalized);

    /// <summary>The logits before any soft cap, which are linear in what they are made of.</summary>
    /// <inheritdoc cref="Logits"/>
    public Tensor Uncapped(Tensor normalized) => Unembedding.Forward(normalized).to(ScalarType.Float32);
}
