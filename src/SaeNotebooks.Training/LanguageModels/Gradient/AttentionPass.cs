using static TorchSharp.torch;

namespace SaeNotebooks.Training.LanguageModels.Gradient;

/// <summary>y = x + W_O · attention(W_QKV · norm(x)), forward and backward; keeps between the two what the second needs.</summary>
internal sealed class AttentionPass(DecoderShape shape, Weight gain, Weight queryKeyValue, Weight output, Workspace scratch, Products products) : IDisposable
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
        var rows = products.Set(scratch.Matrix("qkv", n, 3 * d), normed, queryKeyValue.Value.t());
        var (q, k, v) = (Heads(_space, "q", n), Heads(_space, "k", n), Heads(_space, "v", n));
        _rotary.Split(rows, q, k, v, length);
        var pattern = Square(_space, "pattern", n, length);
        products.SetStack(pattern, PerHead(q, length), PerHead(k, length).transpose(1, 2));
        MaskedSoftmaxKernel.Forward(pattern.view(-1, length), batch, shape.Heads);
        var perHead = products.SetStack(PerHead(Heads(scratch, "perHead", n), length), pattern, PerHead(v, length));
        var z = _space.Matrix("z", n, d);
        _rotary.Merge(perHead, z, length);
        _kept = new(x, normed, inverse, PerHead(q, length), PerHead(k, length), PerHead(v, length), pattern, z);
        return products.Add(_space.Matrix("y", n, d).copy_(x), z, output.Value.t());
    }

    /// <summary>dx ← dy + what flows back through the attention; writes the gradients of the weights.</summary>
    /// <param name="dy">[batch · pos, width], turned into dx in place</param>
    /// <param name="batch">the documents</param>
    public void Backward(Tensor dy, TrainingBatch batch)
    {
        using var scope = NewDisposeScope();
        var (n, d, length) = (dy.shape[0], shape.Width, batch.Length);
        var kept = _kept ?? throw new InvalidOperationException("Backward comes after Forward.");
        var dzRows = products.Backward(output, dy, kept.Z, scratch.Matrix("narrow", n, d));
        var dz = PerHead(Heads(scratch, "perHead", n), length);
        _rotary.MergeBackward(dzRows, dz, length);
        var dScores = products.SetStack(Square(scratch, "dScores", n, length), dz, kept.V.transpose(1, 2));
        var dv = products.SetStack(PerHead(Heads(scratch, "dv", n), length), kept.Pattern.transpose(1, 2), dz);
        MaskedSoftmaxKernel.Backward(kept.Pattern.view(-1, length), dScores.view(-1, length), length);
        var dq = products.SetStack(PerHead(Heads(scratch, "dq", n), length), dScores, kept.K);
        var dk = products.SetStack(PerHead(Heads(scratch, "dk", n), length), dScores.transpose(1, 2), kept.Q);
        var dRows = scratch.Matrix("qkv", n, 3 * d);
        _rotary.SplitBackward(dq, dk, dv, dRows, length);
        var dNormed = products.Backward(queryKeyValue, dRows, kept.Normed, scratch.Matrix("narrow", n, d));
        RmsNormKernel.Backward(dNormed, kept.X, gain, kept.Inverse, dy);
    }

    /// <summary>What a backward pass needs, valid to the end of the scope in which the forward pass was made.</summary>
    /// <param name="X">[n, width], the input</param>
    /// <param name="Normed">[n, width]</param>
    /// <param name="Inverse">[n, 1]</param>
    /// <param name="Q">[batch · heads, pos, head], as K and V</param>
    /// <param name="K">keys</param>
    /// <param name="V">values</param>
    /// <param name="Pattern">[batch · heads, pos, pos]</param>
    /// <param name="Z">[n, width], outputs of the heads side by side</param>
    private sealed record Kept(Tensor X, Tensor Normed, Tensor Inverse, Tensor Q, Tensor K, Tensor V, Tensor Pattern, Tensor Z);

    private Tensor Heads(Workspace space, string name, long n) => space.Matrix(name, n * shape.Heads, shape.HeadWidth);

    private Tensor Square(Workspace space, string name, long n, int length) => space.Shaped(name, n / length * shape.Heads, length, length); // [batch · heads, pos, pos]

    private Tensor PerHead(Tensor heads, int length) => heads.view(-1, length, shape.HeadWidth); // [batch · heads, pos, head]

    public void Dispose()
    {
        _space.Dispose();
        gain.Dispose();
        queryKeyValue.Dispose();
        output.Dispose();
    }
}
