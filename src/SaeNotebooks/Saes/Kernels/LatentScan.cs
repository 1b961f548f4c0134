namespace SaeNotebooks.Saes.Kernels;

/// <summary>
/// Finds what fires on some tokens. It is shown x · W_enc latent by latent, in ascending order, and reads each number once: the bias is added
/// on the way, and no other matrix of that size is written. Belongs to one thread.
/// </summary>
internal abstract class LatentScan(int tokens)
{
    /// <summary>What was found.</summary>
    public TokenBuffer Fired { get; } = new(tokens);

    /// <summary>Looks at one latent.</summary>
    /// <param name="latent">which</param>
    /// <param name="product">[tokens]: x · W_enc of this latent, without bias</param>
    public abstract void Latent(int latent, ReadOnlySpan<float> product);

    /// <summary>Is called after the last latent.</summary>
    public virtual void Finish() { }
}
