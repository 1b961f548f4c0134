using SaeNotebooks.Saes.Kernels;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Activations;

/// <summary>The nonlinearity of an SAE, which is what architectures differ in at inference: which latents fire, and with what value.</summary>
public abstract record SparseActivation
{
    /// <summary>SAELens's name of the architecture.</summary>
    public abstract string Architecture { get; }

    /// <summary>The formula, on whole matrices.</summary>
    /// <param name="pre">[tokens, d_sae] float32 pre-activations x · W_enc + b_enc</param>
    /// <returns>[tokens, d_sae] float32, not negative, 0 where a latent is silent; the caller owns it</returns>
    public abstract Tensor Dense(Tensor pre);

    /// <summary>The formula for some of the latents, whose pre-activations alone are then enough; null where all latents compete.</summary>
    /// <param name="index">[some] int64: which; the result's tensors belong to the caller's scope</param>
    internal virtual SparseActivation? Of(Tensor index) => null;

    /// <summary>The same formula on one latent after the other, for the CPU.</summary>
    /// <param name="tokens">how many tokens</param>
    /// <param name="bias">[d_sae]: b_enc, to be added to what is scanned</param>
    internal abstract LatentScan Scan(int tokens, float[] bias);

    /// <summary>The tensors that it brings; the SAE owns them.</summary>
    internal virtual IEnumerable<Tensor> Tensors => [];

    /// <summary>Refuses what does not fit an SAE of <paramref name="width"/> latents.</summary>
    /// <exception cref="ArgumentException">a wrong shape or number</exception>
    internal virtual void RequireFit(int width) { }

    private protected static float[] Managed(Tensor tensor)
    {
        using var onCpu = tensor.cpu();
        return onCpu.data<float>().ToArray();
    }

    private protected static void RequireLatents(Tensor tensor, string name, int width)
    {
        if (!tensor.shape.AsSpan().SequenceEqual([width]))
            throw new ArgumentException($"{name} has shape [{string.Join(", ", tensor.shape)}]; W_enc implies [{width}].");
    }
}
