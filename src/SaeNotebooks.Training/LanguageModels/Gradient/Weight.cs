using static TorchSharp.torch;

namespace SaeNotebooks.Training.LanguageModels.Gradient;

/// <summary>A matrix of the model, or one layer's part of a stack, with its gradient; both are views that are written in place.</summary>
/// <param name="Value">[outputs, inputs] float32</param>
/// <param name="Gradient">the same shape</param>
internal sealed record Weight(Tensor Value, Tensor Gradient) : IDisposable
{
    /// <summary>One layer's part of a stacked parameter, which gets a gradient if it has none yet.</summary>
    public static Weight Slice(Tensor parameter, int index)
    {
        parameter.grad ??= zeros_like(parameter, requires_grad: false).DetachFromDisposeScope();
        return new(parameter.detach().select(0, index).DetachFromDisposeScope(), parameter.grad.select(0, index).DetachFromDisposeScope());
    }

    /// <summary>y ← x Wᵀ</summary>
    /// <param name="x">[n, inputs]</param>
    /// <param name="y">[n, outputs], overwritten</param>
    public Tensor Apply(Tensor x, Tensor y) => y.addmm_(x, Value.t(), 0, 1);

    /// <summary>y ← y + x Wᵀ</summary>
    public Tensor ApplyAndAdd(Tensor x, Tensor y) => y.addmm_(x, Value.t(), 1, 1);

    /// <summary>dW ← dyᵀ x, and dx ← dy W</summary>
    /// <param name="dy">[n, outputs]</param>
    /// <param name="x">[n, inputs], what the weight was applied to</param>
    /// <param name="dx">[n, inputs], overwritten</param>
    public Tensor Backward(Tensor dy, Tensor x, Tensor dx)
    {
        Gradient.addmm_(dy.t(), x, 0, 1);
        return dx.addmm_(dy, Value, 0, 1);
    }

    public void Dispose()
    {
        Value.Dispose();
        Gradient.Dispose();
    }
}
