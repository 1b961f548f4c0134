using SaeNotebooks.Training.Saes.Architectures;
using SaeNotebooks.Training.Saes.Learning;
using static TorchSharp.torch;

namespace SaeNotebooks.Cli.Benchmarks;

/// <summary>Steps of SAE training on random activations, at the size at which others were measured: 768 → 12,288, 4,096 tokens.</summary>
internal sealed class TrainingSteps : IDisposable
{
    private const int InputWidth = 768, Width = 12_288, Tokens = 4096, K = 32;
    private readonly Tensor _x = randn(Tokens, InputWidth, generator: manual_seed(1));
    private readonly SaeStepBench _sae;

    private TrainingSteps(SaeArchitecture architecture) => _sae = new(architecture, InputWidth);

    /// <summary>The architectures whose steps are measured.</summary>
    public static IReadOnlyList<SaeArchitecture> Architectures { get; } =
        [new TopKArchitecture { Width = Width, K = K }, new BatchTopKArchitecture { Width = Width, K = K }];

    /// <summary>A step of each architecture.</summary>
    public static IEnumerable<Benchmark> All => Architectures.Select(architecture => new Benchmark($"train {architecture.Name}",
        $"SAE training step, {architecture.Name} {InputWidth} → {Width:N0}, {Tokens:N0} tokens", "steps/s", () =>
        {
            var steps = new TrainingSteps(architecture);
            return new(steps.Once, steps);
        }));

    private long Once()
    {
        _sae.Step(_x);
        return 1;
    }

    public void Dispose()
    {
        _sae.Dispose();
        _x.Dispose();
    }
}
