using static TorchSharp.torch;

namespace SaeNotebooks.Training.LanguageModels;

/// <summary>AdamW (Loshchilov and Hutter 2019) for one tensor, with its state open for checkpoints.</summary>
internal sealed class AdamW : IDisposable
{
    private const double Beta1 = 0.9, Beta2 = 0.98, Epsilon = 1e-9;
    private readonly Tensor _weights;

    public AdamW(Tensor weights)
    {
        _weights = weights;
        Mean = zeros_like(weights, requires_grad: false).DetachFromDisposeScope();
        Square = zeros_like(weights, requires_grad: false).DetachFromDisposeScope();
    }

    /// <summary>Running mean of the gradient.</summary>
    public Tensor Mean { get; }

    /// <summary>Running mean of its square.</summary>
    public Tensor Square { get; }

    /// <summary>One step; the gradient is consumed.</summary>
    /// <param name="rate">learning rate</param>
    /// <param name="decay">decoupled weight decay, multiplied by the rate</param>
    /// <param name="step">number of this step, from 1, for the bias correction</param>
    public void Step(double rate, double decay, long step)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var gradient = _weights.grad!;
        Mean.lerp_(gradient, 1 - Beta1);
        Square.lerp_(gradient * gradient, 1 - Beta2);
        var denominator = (Square / (1 - Math.Pow(Beta2, step))).sqrt_().add_(Epsilon);
        _weights.mul_(1 - rate * decay);
        _weights.sub_((Mean / denominator).mul_(rate / (1 - Math.Pow(Beta1, step))));
        gradient.zero_();
    }

    public void Dispose()
    {
        Mean.Dispose();
        Square.Dispose();
    }
}
