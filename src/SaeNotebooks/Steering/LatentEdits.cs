using SaeNotebooks.Hooks;
using SaeNotebooks.Runtime;
using SaeNotebooks.Saes;
using static TorchSharp.torch;

namespace SaeNotebooks.Steering;

/// <summary>An edit at an SAE's hook that writes only along the directions of some of its latents.</summary>
internal abstract record LatentEdit : Edit
{
    protected LatentEdit(Sae sae, IReadOnlyList<int> latents, Positions positions) : base(sae.Config.Hook, positions)
    {
        if (sae.Config.IsTranscoder)
            throw new ArgumentException($"A {sae} does not write where it reads; add its Direction at the hook that it predicts instead.", nameof(sae));
        if (latents.Count == 0) throw new ArgumentException("No latent is given to steer by.", nameof(latents));
        foreach (var latent in latents) sae.RequireLatent(latent);
        if (latents.Distinct().Count() < latents.Count)
            throw new ArgumentException($"Latents {string.Join(", ", latents)} name one of them twice; it would be edited twice.", nameof(latents));
        (Sae, Latents) = (sae, [.. latents]);
    }

    public Sae Sae { get; }

    public IReadOnlyList<int> Latents { get; }

    public override Tensor Apply(Tensor activation, EditContext context)
    {
        using var encoded = Reads || Sae.Config.Normalisation is not null ? Sae.Encode(activation.to(Sae.Encoder.device)) : null;
        var written = Change(encoded).matmul(Sae.Decoder.index_select(0, Index)); // [tokens, d_in] or [d_in]
        if (encoded?.Scale is { } scale) written = written * scale; // what is decoded is scaled back to the token's own size
        if (written.dim() > 1) written = written.view(activation.shape);
        return activation.Plus(written.to(activation.dtype, activation.device));
    }

    /// <summary>a′ − a for each latent: [tokens, latents], or [latents] where it is the same everywhere.</summary>
    /// <param name="encoded">the encoded activation; may be null unless <see cref="Reads"/></param>
    protected abstract Tensor Change(SparseLatents? encoded);

    /// <summary>Whether a′ depends on a.</summary>
    protected virtual bool Reads => true;

    private Tensor Index => tensor([.. Latents.Select(l => (long)l)], device: Sae.Decoder.device);
}

/// <summary>a′ = factor · a</summary>
internal sealed record LatentScaleEdit(Sae Sae, IReadOnlyList<int> Latents, double By, Positions Positions) : LatentEdit(Sae, Latents, Positions)
{
    protected override Tensor Change(SparseLatents? encoded) => encoded!.Of(Latents).Times(By - 1);
}

/// <summary>a′ = value</summary>
internal sealed record LatentClampEdit(Sae Sae, int Latent, double Value, Positions Positions) : LatentEdit(Sae, [Latent], Positions)
{
    protected override Tensor Change(SparseLatents? encoded) => tensor([(float)Value], device: Sae.Decoder.device) - encoded!.Of(Latents);
}

/// <summary>a′ = a + amount</summary>
internal sealed record LatentAddEdit(Sae Sae, IReadOnlyList<(int Latent, double Amount)> Amounts, Positions Positions)
    : LatentEdit(Sae, [.. Amounts.Select(a => a.Latent)], Positions)
{
    protected override bool Reads => false;

    protected override Tensor Change(SparseLatents? encoded) => tensor([.. Amounts.Select(a => (float)a.Amount)], device: Sae.Decoder.device);
}
