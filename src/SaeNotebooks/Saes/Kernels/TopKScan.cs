using System.Numerics;
using System.Runtime.Intrinsics;

namespace SaeNotebooks.Saes.Kernels;

/// <summary>The k largest positive pre-activations of each token, in a heap per token whose smallest is the bar for those that follow.</summary>
/// <param name="tokens">how many tokens</param>
/// <param name="bias">[d_sae]</param>
/// <param name="k">how many latents may fire</param>
internal sealed class TopKScan(int tokens, float[] bias, int k) : LatentScan(tokens)
{
    private readonly (float Value, int Latent)[] _heaps = new (float, int)[(long)tokens * k]; // k per token, the smallest first
    private readonly int[] _counts = new int[tokens];
    private readonly float[] _bars = new float[tokens];
    private readonly int _tokens = tokens;

    public override void Latent(int latent, ReadOnlySpan<float> product)
    {
        var biases = Vector256.Create(bias[latent]);
        var step = Vector256<float>.Count;
        var t = 0;
        for (; t <= product.Length - step; t += step)
        {
            var above = Vector256.GreaterThan(Vector256.Create(product[t..]) + biases, Vector256.Create(_bars.AsSpan(t))).ExtractMostSignificantBits();
            for (; above != 0; above &= above - 1) Offer(t + BitOperations.TrailingZeroCount(above), latent, product);
        }
        for (; t < product.Length; t++)
            if (product[t] + bias[latent] > _bars[t]) Offer(t, latent, product);
    }

    public override void Finish()
    {
        for (var t = 0; t < _tokens; t++)
        {
            var found = _heaps.AsSpan(t * k, _counts[t]);
            found.Sort(static (a, b) => a.Latent.CompareTo(b.Latent));
            foreach (var (value, latent) in found) Fired.Add(t, latent, value);
        }
    }

    private void Offer(int token, int latent, ReadOnlySpan<float> product)
    {
        var heap = _heaps.AsSpan(token * k, k);
        var item = (product[token] + bias[latent], latent);
        if (_counts[token] < k) Rise(heap, _counts[token]++, item);
        else Sink(heap, item);
        if (_counts[token] == k) _bars[token] = heap[0].Value;
    }

    private static void Rise(Span<(float Value, int)> heap, int at, (float Value, int) item)
    {
        for (; at > 0 && heap[(at - 1) / 2].Value > item.Value; at = (at - 1) / 2) heap[at] = heap[(at - 1) / 2];
        heap[at] = item;
    }

    private static void Sink(Span<(float Value, int)> heap, (float Value, int) item) // in place of the smallest
    {
        var at = 0;
        for (var child = 1; child < heap.Length; child = 2 * at + 1)
        {
            if (child + 1 < heap.Length && heap[child + 1].Value < heap[child].Value) child++;
            if (heap[child].Value >= item.Value) break;
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = item;
    }
}
