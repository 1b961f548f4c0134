using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SaeNotebooks.Runtime;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>softmax(scale · q kᵀ) v of a single query per prompt that sees all keys, as each new token needs it. In float32 inside.</summary>
internal static unsafe class OneQuery
{
    private const int Half = Stored.Step / 2;

    /// <summary>Numbers in the keys below which a second thread is no help.</summary>
    private const long Small = 1 << 17;

    /// <summary>Whether it can be computed here.</summary>
    /// <param name="q">[batch, 1, n_heads, d_head]</param>
    /// <param name="keys">[batch, n_kv, key pos, d_head]</param>
    /// <param name="values">[batch, n_kv, key pos, d_head]</param>
    public static bool Suits(Tensor q, Tensor keys, Tensor values) => q.size(1) == 1 && Stored.Has(q.dtype) && q.device_type == TorchSharp.DeviceType.CPU
        && q.size(3) % Stored.Step == 0 && IsRowByRow(keys) && IsRowByRow(values) && !q.requires_grad && !keys.requires_grad && !values.requires_grad
        && Vector256.IsHardwareAccelerated;

    /// <summary>The heads' mixed values.</summary>
    /// <param name="q">[batch, 1, n_heads, d_head]</param>
    /// <param name="keys">[batch, n_kv, key pos, d_head]</param>
    /// <param name="values">[batch, n_kv, key pos, d_head]</param>
    /// <param name="scale">multiplies the scores</param>
    /// <returns>[batch, 1, n_heads, d_head]</returns>
    public static Tensor Attend(Tensor q, Tensor keys, Tensor values, double scale)
    {
        var shape = q.shape;
        var (batch, heads, dHead) = ((int)shape[0], (int)shape[2], (int)shape[3]);
        var z = empty(shape, q.dtype);
        var queries = ArrayPool<float>.Shared.Rent(batch * heads * dHead);
        using (var input = q.contiguous()) Stored.Arrange(input, queries);
        var work = new Work(queries, Heads.Of(keys), Heads.Of(values), Native.Start(z), heads, heads / (int)keys.size(1), dHead, (int)keys.size(2), (float)scale);
        Action<int> mix = q.dtype == ScalarType.Float32 ? work.Wide : work.Narrow;
        var each = keys.numel() < Small ? batch * heads : 1;
        Team.Run(batch * heads / each, piece =>
        {
            for (var head = piece * each; head < (piece + 1) * each; head++) mix(head);
        });
        ArrayPool<float>.Shared.Return(queries);
        GC.KeepAlive(keys);
        GC.KeepAlive(values);
        return z;
    }

    private static bool IsRowByRow(Tensor x) => x.stride() is [_, _, var row, 1] && row == x.size(3);

    /// <summary>Where the rows of a prompt's head begin.</summary>
    private readonly record struct Heads(nint Start, long Prompt, long Head)
    {
        public static Heads Of(Tensor x)
        {
            using var first = x.narrow(0, 0, 1).narrow(1, 0, 1);
            var (stride, size) = (x.stride(), x.element_size());
            return new(Native.Start(first), stride[0] * size, stride[1] * size);
        }

        public byte* At(int prompt, int head) => (byte*)Start + prompt * Prompt + head * Head;
    }

    /// <param name="Queries">[batch, n_heads, d_head], from <see cref="Stored.Arrange"/></param>
    /// <param name="Keys">of each head of keys</param>
    /// <param name="Values">likewise</param>
    /// <param name="Z">[batch, n_heads, d_head]</param>
    /// <param name="NHeads">query heads of a prompt</param>
    /// <param name="Group">query heads that share a head of keys</param>
    /// <param name="DHead">width of a head</param>
    /// <param name="Count">keys</param>
    /// <param name="Scale">multiplies the scores</param>
    private sealed record Work(float[] Queries, Heads Keys, Heads Values, nint Z, int NHeads, int Group, int DHead, int Count, float Scale)
    {
        /// <summary>One query head of one prompt, in float32.</summary>
        public void Wide(int head) => Mix<Stored.Float32>(this, head);

        /// <summary>The same in bfloat16.</summary>
        public void Narrow(int head) => Mix<Stored.BFloat16>(this, head);
    }

    private static void Mix<T>(Work work, int head) where T : struct, IStored
    {
        var (prompt, keyHead) = (head / work.NHeads, head % work.NHeads / work.Group);
        var pattern = ArrayPool<float>.Shared.Rent(work.Count);
        fixed (float* q = &work.Queries[head * work.DHead], weights = pattern)
        {
            Scores<T>(work, q, work.Keys.At(prompt, keyHead), weights);
            Softmax(pattern.AsSpan(0, work.Count));
            Sum<T>(work, weights, work.Values.At(prompt, keyHead), (byte*)work.Z + (long)head * work.DHead * T.Size);
        }
        ArrayPool<float>.Shared.Return(pattern);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scores<T>(Work work, float* q, byte* key, float* scores) where T : struct, IStored
    {
        for (var position = 0; position < work.Count; position++)
        {
            Vector512<float> a = default, b = default;
            for (var i = 0; i < work.DHead; i += Stored.Step, key += Stored.Step * T.Size)
            {
                a = Vector512.FusedMultiplyAdd(T.First(key), Vector512.Load(q + i), a);
                b = Vector512.FusedMultiplyAdd(T.Second(key), Vector512.Load(q + i + Half), b);
            }
            scores[position] = Vector512.Sum(a + b) * work.Scale;
        }
    }

    private static void Softmax(Span<float> scores)
    {
        var (largest, sum) = (Largest(scores), 0f);
        foreach (ref var score in scores) sum += score = MathF.Exp(score - largest);
        foreach (ref var score in scores) score /= sum;
    }

    private static float Largest(ReadOnlySpan<float> scores)
    {
        var largest = scores[0];
        foreach (var score in scores) largest = Math.Max(largest, score);
        return largest;
    }

    /// <summary>z = Σ pattern · value, a step of the head at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum<T>(Work work, float* pattern, byte* values, byte* z) where T : struct, IStored
    {
        var mixed = stackalloc float[Stored.Step];
        for (var i = 0; i < work.DHead; i += Stored.Step)
        {
            var value = values + i * T.Size;
            Vector512<float> a = default, b = default;
            for (var position = 0; position < work.Count; position++, value += work.DHead * T.Size)
            {
                var weight = Vector512.Create(pattern[position]);
                a = Vector512.FusedMultiplyAdd(weight, T.First(value), a);
                b = Vector512.FusedMultiplyAdd(weight, T.Second(value), b);
            }
            Vector512.Store(a, mixed);
            Vector512.Store(b, mixed + Half);
            for (var j = 0; j < Stored.Step; j++) T.Store(z + (i + j) * T.Size, mixed[T.Place(j)]);
        }
    }
}
