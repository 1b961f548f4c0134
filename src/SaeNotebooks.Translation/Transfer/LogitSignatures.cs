using SaeNotebooks.Features;
using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Translation.Discovery;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Transfer;

/// <summary>Decoder directions read through the unembedding, W_U · d: the vocabulary is a basis that both models share. Impostors are random mixtures of the decoder
/// directions of the same layer, which share what logit weights of any direction have in common, such as what tokens are frequent.</summary>
internal sealed class LogitSignatures(LatentSide side) : Signatures(side)
{
    /// <summary>Both models' signatures.</summary>
    /// <exception cref="ArgumentException">their tokenizers differ</exception>
    public static (LogitSignatures From, LogitSignatures To) OfBoth(LatentSide from, LatentSide to) => Fingerprint.Of(from.Model.Tokenizer) == Fingerprint.Of(to.Model.Tokenizer)
        ? (new(from), new(to))
        : throw new ArgumentException($"'{from.Name}' and '{to.Name}' have different tokenizers, so their logits are of different tokens; match their latents by activations alone.");

    public override Tensor OfLayer(int layer) => Side.Use(layer, sae => Of(sae.Decoder));

    public override Tensor Impostors(IReadOnlyList<LatentId> latents, Tensor own, Rng rng)
    {
        using var random = new Generator(rng.NextBits(), CPU);
        return ByLayer(latents, (layer, some) => Side.Use(layer, sae =>
        {
            using var scope = NewDisposeScope();
            return Of(randn(some.Count, sae.Width, generator: random).to(sae.Decoder.device).matmul(sae.Decoder.to(float32))).MoveToOuterDisposeScope();
        }));
    }

    /// <summary>[n, d_model] to [n, vocab]; the caller owns it.</summary>
    private Tensor Of(Tensor directions)
    {
        using var logits = LogitWeights.Project(Side.Model, directions);
        using var scope = NewDisposeScope();
        return Standardised(logits.cpu()).MoveToOuterDisposeScope();
    }
}
