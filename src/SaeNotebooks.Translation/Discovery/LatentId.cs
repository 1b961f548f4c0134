namespace SaeNotebooks.Translation.Discovery;

/// <summary>A latent of the SAE for the residual stream after a layer.</summary>
public readonly record struct LatentId(int Layer, int Latent) : IComparable<LatentId>
{
    /// <inheritdoc/>
    public int CompareTo(LatentId other) => (Layer, Latent).CompareTo((other.Layer, other.Latent));

    /// <summary><c>L12 #2291</c></summary>
    public override string ToString() => $"L{Layer} #{Latent}";
}
