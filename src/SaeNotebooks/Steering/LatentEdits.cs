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
        var change = Change(activation).to(Sae.Decoder.dtype, Sae.Decoder.device); // [batch, pos, latents] or [latents]
        var written = change.matmul(Sae.Decoder.index_select(0, Index)); // [batch, pos, d_in] or [d_in]
        return activation.Plus(written.to(activation.dtype, activation.device));
    }

    /// <summary>a′ − a for each latent: [batch, pos, latents], or [latents] where it is the same everywhere.</summary>
    protected abstract Tensor Change(Tensor activation);

    /// <summary>[batch, pos, latents] float32: how strongly each of the latents is active.</summary>
    protected Tensor Active(Tensor activation)
    {
        using var latents = Sae.Encode(activation.to(Sae.Encoder.device));
        var chosen = latents.Ids.unsqueeze(-1).eq(Index); // [tokens, slots, latents]
        return (latents.Values.unsqueeze(-1) * chosen).sum(1).view([.. activation.shape[..^1], Latents.Count]);
    }

    private Tensor Index => tensor([.. Latents.Select(l => (long)l)], device: Sae.Decoder.device);
}

/// <summary>a′ = factor · a</summary>
internal sealed record LatentScaleEdit(Sae Sae, IReadOnlyList<int> Latents, double By, Positions Positions) : LatentEdit(Sae, Latents, Positions)
{
    protected override Tensor Change(Tensor activation) => Active(activation).Times(By - 1);
}

/// <summary>a′ = value</summary>
internal sealed record LatentClampEdit(Sae Sae, int Latent, double Value, Positions Positions) : LatentEdit(Sae, [Latent], Positions)
{
    protected override Tensor Change(Tensor activation) => tensor([(float)Value], device: Sae.Decoder.device) - Active(activation);
}

/// <summary>a′ = a + amount</summary>
internal sealed record LatentAddEdit(Sae Sae, IReadOnlyList<(int Latent, double Amount)> Amounts, Positions Positions)
    : LatentEdit(Sae, [.. Amounts.Select(a => a.Latent)], Positions)
{
    protected override Tensor Change(Tensor activation) => tensor([.. Amounts.Select(a => (float)a.Amount)]);
}
