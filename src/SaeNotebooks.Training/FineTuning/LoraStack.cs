using SaeNotebooks.Runtime;
using SaeNotebooks.Training.Optimisation;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.FineTuning;

/// <summary>
/// Adapters of a stack of matrices, W = W₀ + s·B A with s = alpha / rank, whose gradients follow from that of W:
/// dB = s·dW Aᵀ, dA = s·Bᵀ dW (Hu et al. 2022). A starts uniform in ±1/√inputs, as PEFT starts it, and B at 0, so that nothing is changed yet.
/// </summary>
internal sealed class LoraStack : IDisposable
{
    private readonly Tensor _weights, _gradient, _original; // [n, outputs, inputs]; the first two are views
    private readonly double _scale;
    private readonly AdamW _stepA, _stepB;

    /// <param name="parameter">a stacked parameter with a gradient, [layers, m · outputs, inputs]</param>
    /// <param name="outputs">rows of one matrix</param>
    /// <param name="settings">rank and scale</param>
    /// <param name="generator">draws A</param>
    public LoraStack(Tensor parameter, long outputs, LoraSettings settings, Generator generator)
    {
        using var quiet = no_grad();
        var inputs = parameter.shape[^1];
        _weights = parameter.detach().view(-1, outputs, inputs).DetachFromDisposeScope();
        _gradient = parameter.grad!.view(-1, outputs, inputs).DetachFromDisposeScope();
        _original = _weights.clone().DetachFromDisposeScope();
        _scale = settings.Alpha / settings.Rank;
        using var uniform = rand([_weights.shape[0], settings.Rank, inputs], generator: generator);
        A = Leaf((uniform - 0.5).Times(2 / Math.Sqrt(inputs)));
        B = Leaf(zeros(_weights.shape[0], outputs, settings.Rank));
        (_stepA, _stepB) = (new(A), new(B));
    }

    /// <summary>[n, rank, inputs]</summary>
    public Tensor A { get; }

    /// <summary>[n, outputs, rank]</summary>
    public Tensor B { get; }

    /// <summary>What a checkpoint must hold.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> State() =>
        [("a", A), ("b", B), ("a.mean", _stepA.Mean), ("a.square", _stepA.Square), ("b.mean", _stepB.Mean), ("b.square", _stepB.Square)];

    /// <summary>One AdamW step from the gradient of W, then W anew.</summary>
    /// <param name="rate">learning rate</param>
    /// <param name="step">number of this step, from 1</param>
    public void Step(double rate, long step)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        B.grad!.copy_(_gradient.bmm(A.transpose(1, 2)).Times(_scale));
        A.grad!.copy_(B.transpose(1, 2).bmm(_gradient).Times(_scale));
        _stepA.Step(rate, 0, step);
        _stepB.Step(rate, 0, step);
        Write();
    }

    /// <summary>W ← W₀ + s·B A</summary>
    public void Write()
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        _weights.copy_(_original.Plus(B.bmm(A).Times(_scale)));
    }

    private static Tensor Leaf(Tensor values)
    {
        var leaf = values.requires_grad_(true).DetachFromDisposeScope();
        leaf.grad = zeros_like(values, requires_grad: false).DetachFromDisposeScope();
        return leaf;
    }

    public void Dispose()
    {
        foreach (var tensor in (Tensor[])[_weights, _gradient, _original, A, B]) tensor.Dispose();
        _stepA.Dispose();
        _stepB.Dispose();
    }
}
