using System.Numerics;
using System.Runtime.Intrinsics;

namespace SaeNotebooks.Saes.Kernels;

/// <summary>Latents whose pre-activation is strictly above a threshold of their own fire with it: ReLU and JumpReLU.</summary>
/// <param name="tokens">how many tokens</param>
/// <param name="bias">[d_sae]</param>
/// <param name="thresholds">[d_sae], not negative</param>
internal class ThresholdScan(int tokens, float[] bias, float[] thresholds) : LatentScan(tokens)
{
    /// <summary>The activation of a latent above its threshold; 0 if it is silent all the same.</summary>
    protected virtual float Value(int latent, float pre) => pre;

    public sealed override void Latent(int latent, ReadOnlySpan<float> product)
    {
        var (biases, bars) = (Vector256.Create(bias[latent]), Vector256.Create(thresholds[latent]));
        var step = Vector256<float>.Count;
        var t = 0;
        for (; t <= product.Length - step; t += step)
        {
            var above = Vector256.GreaterThan(Vector256.Create(product[t..]) + biases, bars).ExtractMostSignificantBits();
            for (; above != 0; above &= above - 1) Add(t + BitOperations.TrailingZeroCount(above), latent, product);
        }
        for (; t < product.Length; t++)
            if (product[t] + bias[latent] > thresholds[latent]) Add(t, latent, product);
    }

    private void Add(int token, int latent, ReadOnlySpan<float> product)
    {
        var value = Value(latent, product[token] + bias[latent]);
        if (value > 0) Fired.Add(token, latent, value);
    }
}
