using SaeNotebooks.Runtime;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes;

/// <summary>
/// The active latents of some tokens: latent ids and values per token, never the dense matrix. Owns its tensors.
/// </summary>
/// <remarks>Tokens with fewer active latents than others are filled with value 0, whose id means nothing.</remarks>
public sealed class SparseLatents : IDisposable
{
    /// <param name="ids">[tokens, slots] int64; ownership passes to this object</param>
    /// <param name="values">[tokens, slots] float32, not negative; ownership passes to this object</param>
    /// <param name="width">number of latents of the SAE</param>
    /// <param name="shape">the shape of the activation without its last dimension, for example [batch, pos]</param>
    internal SparseLatents(Tensor ids, Tensor values, int width, long[] shape)
    {
        Ids = ids.DetachFromDisposeScope();
        Values = values.DetachFromDisposeScope();
        Width = width;
        Shape = shape;
    }

    /// <summary>[tokens, slots] int64: which latents.</summary>
    public Tensor Ids { get; }

    /// <summary>[tokens, slots] float32: how strongly; 0 in unused slots.</summary>
    public Tensor Values { get; }

    /// <summary>Number of latents of the SAE.</summary>
    public int Width { get; }

    /// <summary>The shape of the encoded activation without its last dimension; its product is the number of tokens.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Number of tokens.</summary>
    public int Tokens => (int)Ids.shape[0];

    /// <summary>Activation of one latent at each token, in the order of the flattened <see cref="Shape"/>; 0 where it is silent.</summary>
    /// <exception cref="ArgumentOutOfRangeException">the SAE has no such latent</exception>
    public float[] this[int latent]
    {
        get
        {
            if (latent < 0 || latent >= Width)
                throw new ArgumentOutOfRangeException(nameof(latent), latent, $"The SAE has latents 0 to {Width - 1}.");
            using var scope = NewDisposeScope();
            var wanted = tensor((long)latent, device: Ids.device);
            return (Values * Ids.eq(wanted)).sum(1).cpu().data<float>().ToArray();
        }
    }

    /// <summary>The active latents of one token, strongest first.</summary>
    /// <param name="token">index into the flattened <see cref="Shape"/></param>
    public IReadOnlyList<(int Latent, float Value)> At(int token)
    {
        if (token < 0 || token >= Tokens)
            throw new ArgumentOutOfRangeException(nameof(token), token, $"There are {Tokens} encoded tokens, 0 to {Tokens - 1}.");
        using var scope = NewDisposeScope();
        var ids = Ids[token].cpu().data<long>().ToArray();
        var values = Values[token].cpu().data<float>().ToArray();
        return [.. ids.Zip(values, (id, value) => ((int)id, value)).Where(p => p.value > 0).OrderByDescending(p => p.value)];
    }

    /// <summary>Mean number of active latents per token.</summary>
    public double L0()
    {
        using var scope = NewDisposeScope();
        return Values.gt(Scalars.Zero).sum(1).to(float64).mean().item<double>();
    }

    /// <summary>The dense matrix, for small cases; the caller owns it.</summary>
    /// <returns>[tokens, width] float32</returns>
    public Tensor ToDense()
    {
        using var scope = NewDisposeScope();
        // Unused slots add 0, so a clash between their ids and an active one does no harm.
        return zeros(Tokens, Width, device: Values.device).scatter_add_(1, Ids, Values).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Ids.Dispose();
        Values.Dispose();
    }
}
