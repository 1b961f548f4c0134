using SaeNotebooks.Hooks;
using SaeNotebooks.Training.Saes.Activations;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Tests.Saes;

/// <summary>Activations that are sums of few of some fixed directions, plus an offset, in units that are nobody's.</summary>
internal sealed class Planted : IActivationSource, IDisposable
{
    public const int Width = 16, Features = 24;
    public static readonly HookName Here = Hook.ResidPost(0), There = Hook.MlpOut(0);
    private readonly Tensor _map = randn(Width, Width, generator: manual_seed(3)) / Math.Sqrt(Width); // from Here to There
    private readonly int _tokens;

    public Planted(int tokens = 1000) => _tokens = tokens;

    /// <summary>[features, width], rows of norm 1</summary>
    public Tensor Directions { get; } = nn.functional.normalize(randn(Features, Width, generator: manual_seed(8)), dim: -1);

    public IReadOnlyList<HookName> Hooks { get; } = [Here, There];

    public string Identity => $"planted {_tokens}";

    public ActivationBlock Block(long number)
    {
        using var scope = NewDisposeScope();
        using var generator = new TorchSharp.torch.Generator((ulong)number + 100, CPU);
        var strength = rand([_tokens, Features], generator: generator) + 0.5;
        var active = rand([_tokens, Features], generator: generator).lt(2.0 / Features);
        var x = ((strength * active).matmul(Directions) + 0.3) * 5;
        return new(Hooks, [x, x.relu().matmul(_map)]);
    }

    /// <summary>Cosine of each planted direction with the most similar row, mean over all.</summary>
    public double Similarity(Tensor decoder)
    {
        using var scope = NewDisposeScope();
        return Directions.matmul(nn.functional.normalize(decoder.detach(), dim: -1).t()).amax([1]).mean().item<float>();
    }

    public void Dispose()
    {
        Directions.Dispose();
        _map.Dispose();
    }
}
