using SaeNotebooks.Runtime;
using SaeNotebooks.Training.LanguageModels;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace SaeNotebooks.Training.Tests.LanguageModels;

/// <summary>
/// The slow, readable twin of <see cref="SaeNotebooks.Training.LanguageModels.Gradient.DecoderGradient"/>: the same formulas in float32, one operation after the other, with
/// autograd's gradients.
/// </summary>
internal sealed class AutogradDecoder : IDisposable
{
    private static readonly Scalar NormEpsilon = DecoderShape.NormEpsilon;
    private readonly DecoderShape _shape;
    private readonly Tensor _cos, _sin; // [context, head]

    public AutogradDecoder(DecoderShape shape)
    {
        _shape = shape;
        using var scope = NewDisposeScope();
        var frequency = exp(arange(0, shape.HeadWidth, 2, float32) * (-Math.Log(DecoderShape.RopeTheta) / shape.HeadWidth));
        var angle = outer(arange(shape.Context, float32), frequency);
        angle = cat([angle, angle], -1);
        _cos = angle.cos().DetachFromDisposeScope();
        _sin = angle.sin().DetachFromDisposeScope();
    }

    /// <summary>Mean loss in nats, with gradients in the <c>grad</c> of the weights.</summary>
    public double LossAndGradient(DecoderParameters p, TrainingBatch batch)
    {
        using var scope = NewDisposeScope();
        var loss = F.cross_entropy(Logits(p, batch).index_select(0, tensor(batch.Rows)), tensor(batch.Targets));
        loss.backward();
        return loss.item<float>();
    }

    /// <summary>[batch · pos, vocabulary]</summary>
    public Tensor Logits(DecoderParameters p, TrainingBatch batch) => F.linear(Hidden(p, tensor(batch.Ids, batch.Batch, batch.Length).to(int64), Mask(batch)), p.Embedding);

    /// <summary>[batch, 1, pos, pos]</summary>
    private static Tensor Mask(TrainingBatch batch)
    {
        var (documents, length) = (batch.Batch, batch.Length);
        var allowed = new bool[documents * length * length];
        for (var at = 0; at < allowed.Length; at++) allowed[at] = batch.Sees(at / length / length, at / length % length, at % length);
        return tensor(allowed, documents, 1, length, length);
    }

    private Tensor Hidden(DecoderParameters p, Tensor ids, Tensor mask)
    {
        var norms = p.Norms.unbind(0);
        var qkv = p.Qkv.unbind(0);
        var output = p.Output.unbind(0);
        var gateUp = p.GateUp.unbind(0);
        var down = p.Down.unbind(0);
        var additive = zeros(mask.shape).masked_fill_(mask.logical_not(), Scalars.NegativeInfinity);
        var length = ids.shape[1];
        var cos = _cos.narrow(0, 0, length);
        var sin = _sin.narrow(0, 0, length);

        var h = p.Embedding.index_select(0, ids.flatten()).view(ids.shape[0], length, _shape.Width); // [batch, pos, width]
        for (var l = 0; l < _shape.Layers; l++)
        {
            h = h.Plus(Attention(RmsNorm(h, norms[2 * l]), qkv[l], output[l], cos, sin, additive));
            h = h.Plus(Mlp(RmsNorm(h, norms[2 * l + 1]), gateUp[l], down[l]));
        }
        return RmsNorm(h.reshape(-1, _shape.Width), norms[^1]);
    }

    private static Tensor RmsNorm(Tensor x, Tensor gain) =>
        x * rsqrt((x * x).mean([-1], keepdim: true).add(NormEpsilon, Scalars.One)) * gain;

    private Tensor Attention(Tensor x, Tensor qkv, Tensor output, Tensor cos, Tensor sin, Tensor mask)
    {
        long batch = x.shape[0], length = x.shape[1];
        var heads = F.linear(x, qkv)
            .view(batch, length, 3 * _shape.Heads, _shape.HeadWidth)
            .transpose(1, 2)
            .split(_shape.Heads, 1); // three of [batch, heads, pos, head]
        var scores = Rotate(heads[0], cos, sin).matmul(Rotate(heads[1], cos, sin).transpose(-1, -2)); // [batch, heads, pos, pos]
        var pattern = scores.Times(1 / Math.Sqrt(_shape.HeadWidth)).Plus(mask).softmax(-1);
        var z = pattern.matmul(heads[2]); // [batch, heads, pos, head]
        return F.linear(z.transpose(1, 2).reshape(batch, length, _shape.Width), output);
    }

    private static Tensor Rotate(Tensor x, Tensor cos, Tensor sin)
    {
        var halves = x.chunk(2, -1);
        return (x * cos).Plus(cat([-halves[1], halves[0]], -1) * sin);
    }

    private Tensor Mlp(Tensor x, Tensor gateUp, Tensor down)
    {
        var halves = F.linear(x, gateUp).chunk(2, -1);
        return F.linear(F.silu(halves[0]) * halves[1], down);
    }

    public void Dispose()
    {
        _cos.Dispose();
        _sin.Dispose();
    }
}
