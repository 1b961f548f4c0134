using SaeNotebooks.Hooks;
using SaeNotebooks.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>The sizes of an attention layer.</summary>
/// <param name="NHeads">query heads</param>
/// <param name="NKeyValueHeads">key and value heads</param>
/// <param name="DHead">width of a head</param>
internal sealed record AttentionShape(int NHeads, int NKeyValueHeads, int DHead);

/// <summary>softmax(q kᵀ / √d_head + mask) v with rotary positions and grouped queries (Vaswani et al. 2017, Ainslie et al.
/// 2023).</summary>
/// <param name="Layer">the block that it belongs to</param>
/// <param name="Shape">its sizes</param>
/// <param name="QueryKeyValue">W_Q above W_K above W_V, one product instead of three</param>
/// <param name="Output">W_O</param>
/// <param name="Rope">rotary positions</param>
internal sealed record Attention(int Layer, AttentionShape Shape, Linear QueryKeyValue, Linear Output, Rope Rope)
{
    private readonly Scalar _scale = 1 / Math.Sqrt(Shape.DHead); // a field: see Scalars

    private int Group => Shape.NHeads / Shape.NKeyValueHeads;

    /// <param name="x">[batch, pos, d_model]</param>
    /// <param name="pass">the run whose hooks fire</param>
    /// <returns>[batch, pos, d_model]</returns>
    public Tensor Forward(Tensor x, ForwardPass pass)
    {
        var (batch, pos) = (x.shape[0], x.shape[1]);
        var (nq, nkv, dHead) = (Shape.NHeads, Shape.NKeyValueHeads, Shape.DHead);
        var heads = QueryKeyValue.Forward(x).view(batch, pos, nq + 2 * nkv, dHead);
        var q = pass.At(Hook.Q(Layer), heads.narrow(2, 0, nq)); // [batch, pos, n_heads, d_head]
        var k = pass.At(Hook.K(Layer), heads.narrow(2, nq, nkv)); // [batch, pos, n_kv, d_head]
        var v = pass.At(Hook.V(Layer), heads.narrow(2, nq + nkv, nkv));
        q = pass.At(Hook.RotQ(Layer), pass.Rotate(Rope, q));
        k = pass.At(Hook.RotK(Layer), pass.Rotate(Rope, k));

        var (keys, values) = (k.transpose(1, 2), v.transpose(1, 2)); // [batch, n_kv, key pos, d_head]
        if (pass.Cache is { } cache) (keys, values) = cache.Append(Layer, pass.Columns.First, keys, values);
        var explicitly = pass.IsActive(Hook.AttnScores(Layer)) || pass.IsActive(Hook.Pattern(Layer));
        var z = explicitly ? Explicit(q, keys, values, pass) : pos == 1 ? OneQuery(q, keys, values, pass) : Fused(q, keys, values, pass);
        return Output.Forward(pass.At(Hook.Z(Layer), z).reshape(batch, pos, nq * dHead));
    }

    /// <summary>Scores and pattern as tensors, for whoever wants to see or change them. Softmax in float32.</summary>
    private Tensor Explicit(Tensor q, Tensor keys, Tensor values, ForwardPass pass)
    {
        var scores = q.transpose(1, 2).matmul(PerQueryHead(keys).transpose(-2, -1)).to(ScalarType.Float32) * _scale;
        scores = pass.At(Hook.AttnScores(Layer), scores.Plus(pass.Mask(ScalarType.Float32, q.device))); // [batch, n_heads, query, key]
        var pattern = pass.At(Hook.Pattern(Layer), scores.softmax(-1));
        return pattern.to(values.dtype).matmul(PerQueryHead(values)).transpose(1, 2);
    }

    private Tensor Fused(Tensor q, Tensor keys, Tensor values, ForwardPass pass)
    {
        var mask = pass.NeedsMask ? pass.Mask(q.dtype, q.device) : null;
        return nn.functional.scaled_dot_product_attention(q.transpose(1, 2), PerQueryHead(keys), PerQueryHead(values),
            mask!, is_casual: mask is null).transpose(1, 2);
    }

    /// <summary>A single query sees every key, so the queries of a group can stand where positions do, and keys need no copies.</summary>
    private Tensor OneQuery(Tensor q, Tensor keys, Tensor values, ForwardPass pass)
    {
        var mask = pass.NeedsMask ? pass.Mask(q.dtype, q.device) : null;
        var grouped = q.reshape(-1, Shape.NKeyValueHeads, Group, Shape.DHead);
        return nn.functional.scaled_dot_product_attention(grouped, keys, values, mask!).reshape(-1, 1, Shape.NHeads, Shape.DHead);
    }

    /// <summary>[batch, n_kv, pos, d_head] → [batch, n_heads, pos, d_head], each head as often as queries share it.</summary>
    private Tensor PerQueryHead(Tensor x) => Group == 1 ? x
        : x.unsqueeze(2).expand(-1, -1, Group, -1, -1).reshape(x.shape[0], Shape.NHeads, x.shape[2], Shape.DHead);
}
