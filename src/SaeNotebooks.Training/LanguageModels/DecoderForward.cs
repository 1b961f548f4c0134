using SaeNotebooks.Runtime;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace SaeNotebooks.Training.LanguageModels;

/// <summary>
/// The forward pass in training: Llama (RMSNorm, rotary positions, gated SiLU MLP, tied unembedding), written for speed on a
/// CPU. Matrix products run in bfloat16; the residual stream, norms, softmax and loss stay in float32. Numerically it agrees with
/// <c>HookedTransformer</c> on the exported checkpoint up to bfloat16 rounding, which a test checks.
/// </summary>
internal sealed class DecoderForward : IDisposable
{
    private static readonly Scalar NormEpsilon = DecoderShape.NormEpsilon;
    private readonly DecoderShape _shape;
    private readonly Tensor _cos, _sin; // [context, head]

    public DecoderForward(DecoderShape shape)
    {
        _shape = shape;
        using var scope = NewDisposeScope();
        var frequency = exp(arange(0, shape.HeadWidth, 2, float32) * (-Math.Log(DecoderShape.RopeTheta) / shape.HeadWidth));
        var angle = outer(arange(shape.Context, float32), frequency);
        angle = cat([angle, angle], -1);
        _cos = angle.cos().DetachFromDisposeScope();
        _sin = angle.sin().DetachFromDisposeScope();
    }

    /// <summary>Residual stream after the final norm, at the positions asked for.</summary>
    /// <param name="p">weights</param>
    /// <param name="ids">[batch, pos] int64</param>
    /// <param name="mask">[batch, 1, pos, pos] bool, true where attention is allowed</param>
    /// <param name="rows">[n] int64 into the flattened [batch · pos]</param>
    /// <returns>[n, width] float32</returns>
    public Tensor Hidden(DecoderParameters p, Tensor ids, Tensor mask, Tensor rows)
    {
        var norms = p.Norms.unbind(0);
        var qkv = p.Qkv.to(bfloat16).unbind(0);
        var output = p.Output.to(bfloat16).unbind(0);
        var gateUp = p.GateUp.to(bfloat16).unbind(0);
        var down = p.Down.to(bfloat16).unbind(0);
        var additive = zeros(mask.shape, bfloat16).masked_fill_(mask.logical_not(), Scalars.NegativeInfinity);
        var length = ids.shape[1];
        var cos = _cos.narrow(0, 0, length).to(bfloat16);
        var sin = _sin.narrow(0, 0, length).to(bfloat16);

        var h = p.Embedding.index_select(0, ids.flatten()).view(ids.shape[0], length, _shape.Width); // [batch, pos, width]
        for (var l = 0; l < _shape.Layers; l++)
        {
            h = h.Plus(Attention(RmsNorm(h, norms[2 * l]), qkv[l], output[l], cos, sin, additive));
            h = h.Plus(Mlp(RmsNorm(h, norms[2 * l + 1]), gateUp[l], down[l]));
        }
        return RmsNorm(h.reshape(-1, _shape.Width).index_select(0, rows), norms[^1]);
    }

    private static Tensor RmsNorm(Tensor x, Tensor gain) =>
        x * rsqrt((x * x).mean([-1], keepdim: true).add(NormEpsilon, Scalars.One)) * gain;

    private Tensor Attention(Tensor x, Tensor qkv, Tensor output, Tensor cos, Tensor sin, Tensor mask)
    {
        long batch = x.shape[0], length = x.shape[1];
        var heads = F.linear(x.to(bfloat16), qkv)
            .view(batch, length, 3 * _shape.Heads, _shape.HeadWidth)
            .transpose(1, 2)
            .split(_shape.Heads, 1); // three of [batch, heads, pos, head]
        // Spelled out: at these lengths the fused kernel's bfloat16 backward pass was measured five times slower.
        var scores = Rotate(heads[0], cos, sin).matmul(Rotate(heads[1], cos, sin).transpose(-1, -2)); // [batch, heads, pos, pos]
        var pattern = scores.Times(1 / Math.Sqrt(_shape.HeadWidth)).Plus(mask).softmax(-1);
        var z = pattern.matmul(heads[2]); // [batch, heads, pos, head]
        return F.linear(z.transpose(1, 2).reshape(batch, length, _shape.Width), output).to(float32);
    }

    private static Tensor Rotate(Tensor x, Tensor cos, Tensor sin)
    {
        var halves = x.chunk(2, -1);
        return (x * cos).Plus(cat([-halves[1], halves[0]], -1) * sin);
    }

    private Tensor Mlp(Tensor x, Tensor gateUp, Tensor down)
    {
        var halves = F.linear(x.to(bfloat16), gateUp).chunk(2, -1);
        return F.linear(F.silu(halves[0]) * halves[1], down).to(float32);
    }

    public void Dispose()
    {
        _cos.Dispose();
        _sin.Dispose();
    }
}
