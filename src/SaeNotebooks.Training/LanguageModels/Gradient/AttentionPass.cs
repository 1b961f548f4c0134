using static TorchSharp.torch;

namespace SaeNotebooks.Training.LanguageModels.Gradient;

/// <summary>y = x + W_O · attention(W_QKV · norm(x)), forward and backward; keeps between the two what the second needs.</summary>
internal sealed class AttentionPass(DecoderShape shape, Weight gain, Weight queryKeyValue, Weight output, Workspace scratch) : IDisposable
{
    private readonly Workspace _space = new();
    private readonly RotaryHeadsKernel _rotary = new(shape);
    private Kept? _kept;

    /// <param name="x">[batch · pos, width]</param>
    /// <param name="batch">the documents</param>
    /// <returns>[batch · pos, width]</returns>
    public Tensor Forward(Tensor x, TrainingBatch batch)
    {
        var (n, d, length) = (x.shape[0], shape.Width, batch.Length);
        var (normed, inverse) = (_space.Matrix("normed", n, d), _space.Matrix("inverse", n, 1));
        RmsNormKernel.Forward(x, gain.Value, normed, inverse);
        var rows = queryKeyValue.Apply(normed, scratch.Matrix("qkv", n, 3 * d));
        var (q, k, v) = (Heads(_space, "q", n), Heads(_space, "k", n), Heads(_space, "v", n));
        _rotary.Split(rows, q, k, v, length);
        var pattern = PerHead(q, length).bmm(PerHead(k, length).transpose(1, 2)).view(-1, length);
        MaskedSoftmaxKernel.Forward(pattern, batch, shape.Heads);
        using var perHead = pattern.view(-1, length, length).bmm(PerHead(v, length));
        var z = _space.Matrix("z", n, d);
        _rotary.Merge(perHead, z, length);
        _kept = new(x, normed, inverse, q, k, v, pattern, z);
        return output.ApplyAndAdd(z, _space.Matrix("y", n, d).copy_(x));
    }

    /// <summary>dx ← dy + what flows back through the attention; writes the gradients of the weights.</summary>
    /// <param name="dy">[batch · pos, width], turned into dx in place</param>
    /// <param name="batch">the documents</param>
    public void Backward(Tensor dy, TrainingBatch batch)
    {
        using var scope = NewDisposeScope();
        var (n, d, length) = (dy.shape[0], shape.Width, batch.Length);
        var kept = _kept ?? throw new InvalidOperationException("Backward comes after Forward.");
        var dzRows = output.Backward(dy, kept.Z, scratch.Matrix("narrow", n, d));
        var dz = Heads(scratch, "dz", n);
        _rotary.MergeBackward(dzRows, dz, length);
        var (upstream, pattern) = (PerHead(dz, length), kept.Pattern.view(-1, length, length));
        var dScores = upstream.bmm(PerHead(kept.V, length).transpose(1, 2)).view(-1, length);
        var dv = pattern.transpose(1, 2).bmm(upstream);
        MaskedSoftmaxKernel.Backward(kept.Pattern, dScores, length);
        var dq = dScores.view(-1, length, length).bmm(PerHead(kept.K, length));
        var dk = dScores.view(-1, length, length).transpose(1, 2).bmm(PerHead(kept.Q, length));
        var dRows = scratch.Matrix("qkv", n, 3 * d);
        _rotary.SplitBackward(dq, dk, dv, dRows, length);
        var dNormed = queryKeyValue.Backward(dRows, kept.Normed, scratch.Matrix("narrow", n, d));
        RmsNormKernel.Backward(dNormed, kept.X, gain, kept.Inverse, dy);
    }

    /// <summary>What a backward pass needs, valid to the end of the scope in which the forward pass was made.</summary>
    /// <param name="X">[n, width], the input</param>
    /// <param name="Normed">[n, width]</param>
    /// <param name="Inverse">[n, 1]</param>
    /// <param name="Q">[batch · heads · pos, head], as K and V</param>
    /// <param name="K">keys</param>
    /// <param name="V">values</param>
    /// <param name="Pattern">[batch · heads · pos, pos]</param>
    /// <param name="Z">[n, width], outputs of the heads side by side</param>
    private sealed record Kept(Tensor X, Tensor Normed, Tensor Inverse, Tensor Q, Tensor K, Tensor V, Tensor Pattern, Tensor Z);

    private Tensor Heads(Workspace space, string name, long n) => space.Matrix(name, n * shape.Heads, shape.HeadWidth);

    private Tensor PerHead(Tensor heads, int length) => heads.view(-1, length, shape.HeadWidth); // [batch · heads, pos, head]

    public void Dispose()
    {
        _space.Dispose();
        gain.Dispose();
        queryKeyValue.Dispose();
        output.Dispose();
    }
}
