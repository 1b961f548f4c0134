using SaeNotebooks.Training.Saes.Architectures;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Saes.Learning;

/// <summary>The coefficient of a sparsity penalty from step to step: on a schedule, or steered so that L0 comes where it is wanted.</summary>
/// <remarks>Steering multiplies the coefficient by exp(rate · e) at each step, where e is the relative distance of the smoothed L0 from its
/// target, at most 1, plus its relative change over the last steps, so that it slows down before it arrives.</remarks>
internal sealed class CoefficientControl : IDisposable
{
    private const double Start = 0.1, Rate = 0.02, Smoothing = 0.1, Damping = 20;
    private const double Unknown = -1;
    private readonly Sparsity? _sparsity;

    /// <param name="sparsity">schedule or target; null where the architecture needs no penalty</param>
    public CoefficientControl(Sparsity? sparsity)
    {
        _sparsity = sparsity;
        State = tensor([Start, Unknown]).DetachFromDisposeScope();
    }

    /// <summary>[coefficient, smoothed L0] float64; part of a checkpoint.</summary>
    public Tensor State { get; }

    /// <summary>The coefficient at a step from 0.</summary>
    public double At(long step) => _sparsity switch
    {
        FixedCoefficient(var coefficient, var warmUp) => warmUp == 0 ? coefficient : coefficient * Math.Min(1, step / (double)warmUp),
        TargetL0 => State.data<double>()[0],
        _ => 0,
    };

    /// <summary>Takes note of what a step had.</summary>
    public void Observe(double l0)
    {
        if (_sparsity is not TargetL0(var wanted)) return;
        var state = State.data<double>();
        var before = state[1] == Unknown ? l0 : state[1];
        var smooth = before + Smoothing * (l0 - before);
        var error = Math.Clamp(smooth / wanted - 1, -1, 1) + Damping * Math.Clamp((smooth - before) / wanted, -0.05, 0.05);
        state[0] *= Math.Exp(Rate * error);
        state[1] = smooth;
    }

    public void Dispose() => State.Dispose();
}
