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

    public void Dispose()
    {
        Value.Dispose();
        Gradient.Dispose();
    }
}
