using SaeNotebooks.Hooks;
using SaeNotebooks.Runtime;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>The sizes of an attention layer.</summary>
/// <param name="NHeads">query heads</param>
/// <param name="NKeyValueHeads">key and value heads</param>
/// <param name="DHead">width of a head</param>
internal sealed record AttentionShape(int NHeads, int NKeyValueHeads, int DHead);

/// <summary>softmax(scale · q kᵀ + mask) v with grouped queries (Vaswani et al. 2017, Ainslie et al. 2023), and what families add to
/// it.</summary>
/// <param name="Layer">the block that it belongs to</param>
/// <param name="Shape">its sizes</param>
/// <param name="QueryKeyValue">W_Q above W_K above W_V</param>
/// <param name="Output">W_O</param>
internal sealed record Attention(int Layer, AttentionShape Shape, StackedLinear QueryKeyValue, Linear Output)
{
    /// <summary>Numbers in 8 MB.</summary>
    private const long SmallScores = 1 << 21;

    /// <summary>Multiplies the scores.</summary>
    public double Scale { get; init; } = 1 / Math.Sqrt(Shape.DHead);

    /// <summary>Rotary positions, or null.</summary>
    public Rope? Rope { get; init; }

    /// <summary>How many of the latest tokens a query sees, itself included; null for all.</summary>
    public int? Window { get; init; }

    /// <summary>Bounds the scaled scores (Gemma 2), or null.</summary>
    public double? SoftCap { get; init; }

    /// <summary>Normalises each query head before rotation (Qwen 3, Gemma 3), or null.</summary>
    public Norm? QueryNorm { get; init; }

    /// <summary>Normalises each key head before rotation, or null.</summary>
    public Norm? KeyNorm { get; init; }

    /// <summary>The hooks that fire in here.</summary>
    public IEnumerable<HookName> Hooks =>
    [
        Hook.Q(Layer), Hook.K(Layer), Hook.V(Layer), .. QueryNorm?.Hooks ?? [], .. KeyNorm?.Hooks ?? [],
        .. Rope is null ? (HookName[])[] : [Hook.RotQ(Layer), Hook.RotK(Layer)],
        Hook.AttnScores(Layer), Hook.Pattern(Layer), Hook.Z(Layer),
    ];

    private int Group => Shape.NHeads / Shape.NKeyValueHeads;

    /// <param name="x">[batch, pos, d_model]</param>
    /// <param name="pass">the run whose hooks fire</param>
    /// <returns>[batch, pos, d_model]</returns>
    public Tensor Forward(Tensor x, ForwardPass pass)
    {
        var (batch, pos) = (x.size(0), x.size(1));
        var (nq, nkv, dHead) = (Shape.NHeads, Shape.NKeyValueHeads, Shape.DHead);
        var heads = QueryKeyValue.Forward(x).view(batch, pos, nq + 2 * nkv, dHead);
        var q = pass.At(Hook.Q(Layer), heads.narrow(2, 0, nq)); // [batch, pos, n_heads, d_head]
        var k = pass.At(Hook.K(Layer), heads.narrow(2, nq, nkv)); // [batch, pos, n_kv, d_head]
        var v = pass.At(Hook.V(Layer), heads.narrow(2, nq + nkv, nkv));
        (q, k) = (QueryNorm?.Forward(q, pass) ?? q, KeyNorm?.Forward(k, pass) ?? k);
        if (Rope is not null)
            (q, k) = (pass.At(Hook.RotQ(Layer), pass.Rotate(Rope, q)), pass.At(Hook.RotK(Layer), pass.Rotate(Rope, k)));

        var (keys, values) = (k.transpose(1, 2), v.transpose(1, 2)); // [batch, n_kv, key pos, d_head]
        if (pass.Cache is { } cache) (keys, values) = cache.Append(Layer, pass.Columns.First, keys, values);
        var z = pass.At(Hook.Z(Layer), Mix(q, keys, values, pass)); // [batch, pos, n_heads, d_head]
        return Output.Forward(z.reshape(batch, pos, nq * dHead));
    }

    private Tensor Mix(Tensor q, Tensor keys, Tensor values, ForwardPass pass)
    {
        if (pass.IsActive(Hook.AttnScores(Layer)) || pass.IsActive(Hook.Pattern(Layer))) return Explicit(q, keys, values, pass);
        if (q.size(1) == 1 && keys.size(2) > Window) // a single query: keys beyond its window need no work
            (keys, values) = (Latest(keys, Window.Value), Latest(values, Window.Value));
        if (SoftCap is not null || pass.IsExplicit || IsSmall(q, keys)) return Explicit(q, keys, values, pass);
        if (q.size(1) > 1) return Fused(q, keys, values, pass);
        return !pass.IsPadded && OneQuery.Suits(q, keys, values) ? OneQuery.Attend(q, keys, values, Scale) : FusedForOne(q, keys, values, pass);
    }

    /// <summary>On the CPU, products of scores that stay in the cache are faster than the fused operator, and round as the reference does.</summary>
    private bool IsSmall(Tensor q, Tensor keys) => q.size(1) > 1 && q.device_type == TorchSharp.DeviceType.CPU
        && q.size(0) * Shape.NHeads * q.size(1) * keys.size(2) <= SmallScores;

    /// <summary>Scores and pattern as tensors: for whoever wants to see or change them, and for soft caps. Scores are computed in the
    /// model's dtype, as the reference does it, the softmax in float32. The queries of a group stand where positions do, so keys and values
    /// need no copies.</summary>
    private Tensor Explicit(Tensor q, Tensor keys, Tensor values, ForwardPass pass)
    {
        var (batch, pos, nKeys) = (q.size(0), q.size(1), keys.size(2));
        var grouped = q.transpose(1, 2).reshape(batch, Shape.NKeyValueHeads, Group * pos, Shape.DHead);
        var scores = grouped.matmul(keys.transpose(-2, -1)).view(batch, Shape.NHeads, pos, nKeys).Times(Scale);
        scores = (SoftCap is { } cap ? SoftCaps.Apply(scores, cap) : scores).to(ScalarType.Float32);
        if (Mask(ScalarType.Float32, q, nKeys, pass) is { } mask) scores = scores.Plus(mask);
        scores = pass.At(Hook.AttnScores(Layer), scores); // [batch, n_heads, query, key]
        var pattern = pass.At(Hook.Pattern(Layer), scores.softmax(-1));
        var z = pattern.to(values.dtype).reshape(batch, Shape.NKeyValueHeads, Group * pos, nKeys).matmul(values);
        return z.view(batch, Shape.NHeads, pos, Shape.DHead).transpose(1, 2);
    }

    private Tensor Fused(Tensor q, Tensor keys, Tensor values, ForwardPass pass)
    {
        var mask = pass.IsPlainlyCausal(Window) ? null : Mask(q.dtype, q, keys.size(2), pass);
        return nn.functional.scaled_dot_product_attention(ForFused(q).transpose(1, 2), PerQueryHead(keys), PerQueryHead(values),
            mask!, is_casual: mask is null).transpose(1, 2);
    }

    /// <summary>As in <see cref="Explicit"/>, the queries of a group stand where positions do.</summary>
    private Tensor FusedForOne(Tensor q, Tensor keys, Tensor values, ForwardPass pass)
    {
        var grouped = ForFused(q).reshape(-1, Shape.NKeyValueHeads, Group, Shape.DHead);
        return nn.functional.scaled_dot_product_attention(grouped, keys, values, Mask(q.dtype, q, keys.size(2), pass)!)
            .reshape(-1, 1, Shape.NHeads, Shape.DHead);
    }

    /// <summary>The fused operator always divides by √d_head; a family with another scale gets the difference into its queries.</summary>
    private Tensor ForFused(Tensor q)
    {
        var factor = Scale * Math.Sqrt(Shape.DHead);
        return Math.Abs(factor - 1) < 1e-12 ? q : q.Times(factor);
    }

    /// <summary>The mask over the latest keys, or null where a single query sees them all.</summary>
    private Tensor? Mask(ScalarType dtype, Tensor q, long nKeys, ForwardPass pass)
    {
        if (q.size(1) == 1 && !pass.IsPadded && !(nKeys > Window)) return null;
        var mask = pass.Mask(dtype, q.device, Window);
        return mask.narrow(-1, mask.size(-1) - nKeys, nKeys);
    }

    private static Tensor Latest(Tensor x, int count) => x.narrow(2, x.size(2) - count, count);

    /// <summary>[batch, n_kv, pos, d_head] → [batch, n_heads, pos, d_head], each head as often as queries share it.</summary>
    private Tensor PerQueryHead(Tensor x) => Group == 1 ? x
        : x.unsqueeze(2).expand(-1, -1, Group, -1, -1).reshape(x.size(0), Shape.NHeads, x.size(2), Shape.DHead);
}
