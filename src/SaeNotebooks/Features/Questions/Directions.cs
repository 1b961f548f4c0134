using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using static TorchSharp.torch;

namespace SaeNotebooks.Features.Questions;

/// <summary>What the weights say of a latent's direction.</summary>
internal static class Directions
{
    public static IReadOnlyList<LatentCosine> Nearest(Sae sae, int latent, int count)
    {
        using var direction = sae.Direction(latent);
        return [.. Nearest(sae, direction, Math.Min(count + 1, sae.Width)).Where(n => n.Latent != latent).Take(count)];
    }

    public static IReadOnlyList<LatentCosine> Nearest(Sae sae, Tensor direction, int count)
    {
        if (direction.dim() != 1 || direction.shape[0] != sae.OutputWidth)
            throw new ArgumentException($"The direction has shape [{string.Join(", ", direction.shape)}], expected [{sae.OutputWidth}].", nameof(direction));
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var unit = Unit(direction.to(float32).to(sae.Decoder.device).unsqueeze(0)).squeeze(0);
        var (cosines, latents) = (sae.Decoder.mv(unit) / Lengths(sae.Decoder).squeeze(1)).topk((int)Math.Min(count, sae.Width), 0);
        return [.. latents.cpu().data<long>().ToArray().Zip(cosines.cpu().data<float>().ToArray(), (latent, cosine) => new LatentCosine((int)latent, cosine))];
    }

    public static LogitWeights? Logits(Sae sae, HookedTransformer model, int latent, int count)
    {
        if (sae.OutputWidth != model.Config.DModel) return null;
        using var direction = sae.Direction(latent);
        return LogitWeights.Of(model, direction, count);
    }

    public static double? Cosine(Sae? one, int latent, Sae? other, int otherLatent)
    {
        if (one is null || other is null || one.OutputWidth != other.OutputWidth) return null;
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        return Unit(one.Decoder.narrow(0, latent, 1)).mul(Unit(other.Decoder.narrow(0, otherLatent, 1))).sum().item<float>();
    }

    /// <summary>Rows of length one; a row of zeros remains one.</summary>
    /// <param name="rows">[n, d]</param>
    public static Tensor Unit(Tensor rows) => rows / Lengths(rows);

    private static Tensor Lengths(Tensor rows) => (rows * rows).sum(-1, keepdim: true).sqrt().clamp_min(Tiny); // [n, 1]

    private static readonly TorchSharp.Scalar Tiny = 1e-12;
}
