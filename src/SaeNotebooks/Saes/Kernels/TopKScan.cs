using System.Numerics;
using System.Runtime.Intrinsics;

namespace SaeNotebooks.Saes.Kernels;

/// <summary>The k largest positive pre-activations of a row, kept in a heap whose smallest is the bar for those that follow.</summary>
/// <param name="bias">[d_sae]</param>
/// <param name="k">how many</param>
internal sealed class TopKScan(float[] bias, int k) : RowScan
{
    public override void Row(ReadOnlySpan<float> product, LatentBuffer fired)
    {
        var best = new Heap(k);
        var step = Vector256<float>.Count;
        var i = 0;
        for (; i <= product.Length - step; i += step)
        {
            var pre = Vector256.Create(product[i..]) + Vector256.Create(bias.AsSpan(i));
            var above = Vector256.GreaterThan(pre, Vector256.Create(best.Bar)).ExtractMostSignificantBits();
            for (; above != 0; above &= above - 1)
            {
                var lane = BitOperations.TrailingZeroCount(above);
                best.Offer(i + lane, pre[lane]);
            }
        }
        for (; i < product.Length; i++) best.Offer(i, product[i] + bias[i]);
        foreach (var (latent, value) in best.ById()) fired.Add(latent, value);
    }

    /// <summary>A binary heap with the smallest value on top.</summary>
    private struct Heap(int capacity)
    {
        private readonly (int Latent, float Value)[] _items = new (int, float)[capacity];
        private int _count;

        /// <summary>What a value must exceed to be kept.</summary>
        public float Bar { get; private set; }

        public void Offer(int latent, float value)
        {
            if (!(value > Bar)) return;
            if (_count < _items.Length) Rise(_count++, (latent, value));
            else Sink((latent, value));
            if (_count == _items.Length) Bar = _items[0].Value;
        }

        public readonly (int Latent, float Value)[] ById()
        {
            var found = _items[.._count];
            Array.Sort(found, static (a, b) => a.Latent.CompareTo(b.Latent));
            return found;
        }

        private readonly void Rise(int at, (int, float Value) item)
        {
            for (; at > 0 && _items[(at - 1) / 2].Value > item.Value; at = (at - 1) / 2) _items[at] = _items[(at - 1) / 2];
            _items[at] = item;
        }

        private readonly void Sink((int, float Value) item) // in place of the smallest
        {
            var at = 0;
            for (var child = 1; child < _count; child = 2 * at + 1)
            {
                if (child + 1 < _count && _items[child + 1].Value < _items[child].Value) child++;
                if (_items[child].Value >= item.Value) break;
                _items[at] = _items[child];
                at = child;
            }
            _items[at] = item;
        }
    }
}
