using SaeNotebooks.Runtime;
using SaeNotebooks.Saes;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Discovery;

/// <summary>What an intervention makes of a latent's activation.</summary>
/// <param name="IsClamp">whether <paramref name="Value"/> replaces the activation, or multiplies it</param>
/// <param name="Value">the new activation, or the factor: 0 ablates</param>
public sealed record LatentChange(bool IsClamp, double Value)
{
    /// <summary>a′ = factor · a, the code's: a silent latent stays silent.</summary>
    public static LatentChange Multiply(double factor) => new(false, factor);

    /// <summary>a′ = value, the paper's α_act.</summary>
    public static LatentChange Clamp(double value) => new(true, value);

    /// <summary>a′ − a.</summary>
    public double Of(double activation) => (IsClamp ? Value : Value * activation) - activation;
}

/// <summary>Influence vectors at the latent's own layer: δ = (a′ − a) · W_dec[j], since decoding is linear and the error term is kept.</summary>
public static class Influence
{
    /// <summary>In closed form.</summary>
    /// <param name="sae">the SAE</param>
    /// <param name="rows">[n, d_in]: the activation in each case</param>
    /// <param name="latent">which latent</param>
    /// <param name="change">what is made of its activation</param>
    /// <returns>[n, d_out] float32; the caller owns it</returns>
    public static Tensor InClosedForm(Sae sae, Tensor rows, int latent, LatentChange change)
    {
        using var scope = NewDisposeScope();
        using var latents = sae.Encode(rows);
        var moves = tensor([.. latents[latent].Select(a => (float)change.Of(a))], device: sae.Decoder.device).unsqueeze(1); // [n, 1]
        if (latents.Scale is { } scale) moves = moves * scale;
        return (moves * sae.Decoder.select(0, latent)).MoveToOuterDisposeScope();
    }

    /// <summary>By decoding the changed latents, adding the error term and subtracting the activation, as the authors' code does: where the latent is
    /// silent, what is left is rounding.</summary>
    /// <inheritdoc cref="InClosedForm"/>
    public static Tensor ByDecoding(Sae sae, Tensor rows, int latent, LatentChange change)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        if (sae.Config.Normalisation is not null)
            throw new ArgumentException($"Influence by full decoding is for SAEs that encode activations as they are; that at {sae.Config.Hook} normalises them. Use the closed form.", nameof(sae));
        var inputs = rows.to(float32);
        using var latents = sae.Encode(inputs);
        var error = inputs - sae.Decode(latents);
        var dense = latents.ToDense(); // [n, latents]
        var column = dense.select(1, latent);
        column.copy_(tensor([.. latents[latent].Select(a => (float)(a + change.Of(a)))], device: column.device));
        using var changed = Sparse(dense, latents);
        var decoded = sae.Decode(changed);
        return (decoded.Plus(error) - inputs).MoveToOuterDisposeScope();
    }

    private static SparseLatents Sparse(Tensor dense, SparseLatents like)
    {
        var active = dense.ne(zeros_like(dense));
        var counts = active.sum(1).cpu().data<long>().ToArray();
        long[] offsets = [0, .. counts.Select((_, i) => counts.Take(i + 1).Sum())];
        return new(offsets, active.nonzero().select(1, 1).contiguous(), dense.masked_select(active), like.Width, like.Shape);
    }

    /// <summary>The consistency of a latent's influences at its own layer, without making them; see <see cref="Consistency.OfSigns"/>.</summary>
    /// <param name="activations">of the latent, by case; 0 where silent</param>
    /// <param name="change">what is made of it</param>
    /// <param name="zeros">what cases without change are</param>
    public static Consistency Consistency(IEnumerable<float> activations, LatentChange change, ZeroRows zeros = ZeroRows.Count) =>
        Discovery.Consistency.OfSigns([.. activations.Select(a => Math.Sign(change.Of(a)))], zeros);
}
