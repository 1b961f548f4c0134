using SaeNotebooks.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Optimisation;

/// <summary>
/// Muon for a stack of matrices: Nesterov momentum whose update is orthogonalised by five Newton–Schulz steps
/// (Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks").
/// </summary>
internal sealed class Muon : IDisposable
{
    private const float Momentum = 0.95f;
    private static readonly Scalar Tiny = 1e-7;
    private readonly Tensor _weights; // [..., rows, columns], trained in place
    private readonly long _rows, _columns;
    private readonly ScalarType _productType;

    /// <param name="weights">the stack, a leaf with a gradient</param>
    /// <param name="rows">rows of one matrix: a stack [layers, 3·rows, columns] counts as 3·layers matrices</param>
    /// <param name="productType">what the update is orthogonalised in: float32, or bfloat16 as in the original</param>
    public Muon(Tensor weights, long rows, ScalarType productType = ScalarType.Float32)
    {
        _productType = productType;
        _weights = weights;
        (_rows, _columns) = (rows, weights.shape[^1]);
        Velocity = zeros_like(weights, requires_grad: false).DetachFromDisposeScope();
    }

    /// <summary>Running mean of the gradients; part of a checkpoint.</summary>
    public Tensor Velocity { get; }

    /// <summary>One step; the gradient is consumed.</summary>
    /// <param name="rate">learning rate, in units of an update with root-mean-square entries of about 1/√columns</param>
    /// <param name="decay">decoupled weight decay, multiplied by the rate</param>
    public void Step(double rate, double decay)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var gradient = _weights.grad!;
        Velocity.lerp_(gradient, tensor(1 - Momentum));
        var update = gradient.lerp(Velocity, tensor(Momentum)).view(-1, _rows, _columns);
        var scale = rate * Math.Sqrt(Math.Max(1.0, (double)_rows / _columns));
        _weights.mul_(tensor(1 - rate * decay));
        _weights.sub_(Orthogonalise(update).reshape(_weights.shape).Times(scale));
        gradient.zero_();
    }

    /// <summary>Pushes all singular values of each matrix towards 1 by an odd quintic polynomial.</summary>
    private Tensor Orthogonalise(Tensor matrices) // [n, rows, columns]
    {
        var tall = matrices.shape[1] > matrices.shape[2];
        var x = tall ? matrices.transpose(1, 2) : matrices;
        x = (x / (x * x).sum([1, 2], keepdim: true).sqrt().add(Tiny, Scalars.One)).to(_productType);
        for (var i = 0; i < 5; i++)
        {
            var a = x.matmul(x.transpose(1, 2));
            var b = a.Times(-4.7750).Plus(a.matmul(a).Times(2.0315));
            x = x.Times(3.4445).Plus(b.matmul(x));
        }
        return (tall ? x.transpose(1, 2) : x).to(ScalarType.Float32);
    }

    public void Dispose() => Velocity.Dispose();
}
