using static TorchSharp.torch;

namespace SaeNotebooks.Training.LanguageModels.Gradient;

/// <summary>y = x + W_down · (silu(W_gate · n) ∘ W_up · n), n = norm(x), forward and backward; keeps between the two what the second needs.</summary>
internal sealed class MlpPass(DecoderShape shape, Weight gain, Weight gateUp, Weight down, Workspace scratch, Products products) : IDisposable
{
    private readonly Workspace _space = new();
    private Kept? _kept;

    /// <param name="x">[n, width]</param>
    /// <returns>[n, width]</returns>
    public Tensor Forward(Tensor x)
    {
        var (n, d, f) = (x.shape[0], shape.Width, shape.MlpWidth);
        var (normed, inverse) = (_space.Matrix("normed", n, d), _space.Matrix("inverse", n, 1));
        RmsNormKernel.Forward(x, gain.Value, normed, inverse);
        var both = products.Set(_space.Matrix("both", n, 2 * f), normed, gateUp.Value.t());
        var hidden = _space.Matrix("hidden", n, f);
        GatedSiluKernel.Forward(both, hidden);
        _kept = new(x, normed, inverse, both, hidden);
        return products.Add(_space.Matrix("y", n, d).copy_(x), hidden, down.Value.t());
    }

    /// <summary>dx ← dy + what flows back through the MLP; writes the gradients of the weights.</summary>
    /// <param name="dy">[n, width], turned into dx in place</param>
    public void Backward(Tensor dy)
    {
        using var scope = NewDisposeScope();
        var (n, d, f) = (dy.shape[0], shape.Width, shape.MlpWidth);
        var kept = _kept ?? throw new InvalidOperationException("Backward comes after Forward.");
        var dHidden = products.Backward(down, dy, kept.Hidden, scratch.Matrix("hidden", n, f));
        GatedSiluKernel.Backward(kept.Both, dHidden);
        var dNormed = products.Backward(gateUp, kept.Both, kept.Normed, scratch.Matrix("narrow", n, d));
        RmsNormKernel.Backward(dNormed, kept.X, gain, kept.Inverse, dy);
    }

    /// <summary>What a backward pass needs, valid to the end of the scope in which the forward pass was made.</summary>
    /// <param name="X">[n, width], the input</param>
    /// <param name="Normed">[n, width]</param>
    /// <param name="Inverse">[n, 1]</param>
    /// <param name="Both">[n, 2 · mlp], gate beside up</param>
    /// <param name="Hidden">[n, mlp]</param>
    private sealed record Kept(Tensor X, Tensor Normed, Tensor Inverse, Tensor Both, Tensor Hidden);

    public void Dispose()
    {
        _space.Dispose();
        gain.Dispose();
        gateUp.Dispose();
        down.Dispose();
    }
}
