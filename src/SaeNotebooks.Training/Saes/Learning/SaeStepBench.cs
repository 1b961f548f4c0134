using SaeNotebooks.Training.Saes.Architectures;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Saes.Learning;

/// <summary>Single steps of training on activations that are at hand, as they are timed.</summary>
public sealed class SaeStepBench : IDisposable
{
    private readonly SaeLearner _learner;

    /// <param name="architecture">the SAE</param>
    /// <param name="inputWidth">d_in</param>
    public SaeStepBench(SaeArchitecture architecture, int inputWidth)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1, CPU);
        _learner = new(architecture, architecture.Initialise(inputWidth, inputWidth, zeros(inputWidth), generator), new SaeLearningPlan());
    }

    /// <summary>One step: losses, gradients and update.</summary>
    /// <param name="x">[batch, d_in] float32</param>
    public SaeStep Step(Tensor x) => _learner.Learn(x, x);

    /// <inheritdoc/>
    public void Dispose() => _learner.Dispose();
}
