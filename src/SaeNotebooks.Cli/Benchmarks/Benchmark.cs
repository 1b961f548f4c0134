using static TorchSharp.torch;

namespace SaeNotebooks.Cli.Benchmarks;

/// <summary>Work whose speed is measured.</summary>
/// <param name="Key">what the figures of others call it; see <c>peers.json</c></param>
/// <param name="Name">the work</param>
/// <param name="Unit">what is counted, per second</param>
/// <param name="Prepare">makes it ready to be run</param>
internal sealed record Benchmark(string Key, string Name, string Unit, Func<Work> Prepare)
{
    /// <summary>In which type the matrix product beside it is made.</summary>
    public ScalarType Product { get; init; } = ScalarType.Float32;

    /// <summary>Multiplications and additions in matrix products per unit, where their speed is compared with that of the product beside it.</summary>
    public double? FlopPerUnit { get; init; }
}

/// <summary>Work that is ready to be run.</summary>
/// <param name="Once">does it once and says how many units that was</param>
/// <param name="Owner">disposed when no more runs follow</param>
internal sealed record Work(Func<long> Once, IDisposable? Owner = null) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Owner?.Dispose();
}
