using System.Numerics;
using System.Runtime.Intrinsics;

namespace SaeNotebooks.Saes.Kernels;

/// <summary>Latents whose pre-activation is strictly above a threshold of their own fire with it: ReLU and JumpReLU.</summary>
/// <param name="bias">[d_sae]</param>
/// <param name="thresholds">[d_sae]</param>
internal class ThresholdScan(float[] bias, float[] thresholds) : RowScan
{
    /// <summary>The activation of a latent above its threshold; 0 if it is silent all the same.</summary>
    protected virtual float Value(int latent, float pre) => pre;

    public sealed override void Row(ReadOnlySpan<float> product, LatentBuffer fired)
    {
        var step = Vector256<float>.Count;
        var i = 0;
        for (; i <= product.Length - step; i += step)
        {
            var pre = Vector256.Create(product[i..]) + Vector256.Create(bias.AsSpan(i));
            var above = Vector256.GreaterThan(pre, Vector256.Create(thresholds.AsSpan(i))).ExtractMostSignificantBits();
            for (; above != 0; above &= above - 1)
            {
                var lane = BitOperations.TrailingZeroCount(above);
                Add(i + lane, pre[lane], fired);
            }
        }
        for (; i < product.Length; i++)
            if (product[i] + bias[i] is var pre && pre > thresholds[i]) Add(i, pre, fired);
    }

    private void Add(int latent, float pre, LatentBuffer fired)
    {
        var value = Value(latent, pre);
        if (value > 0) fired.Add(latent, value);
    }
}
