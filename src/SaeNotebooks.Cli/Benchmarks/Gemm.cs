using System.Diagnostics;
using static TorchSharp.torch;

namespace SaeNotebooks.Cli.Benchmarks;

/// <summary>A product of two square matrices: what the machine can do at this moment.</summary>
/// <param name="size">rows and columns of each</param>
/// <param name="dtype">of both</param>
internal sealed class Gemm(int size = 768, ScalarType dtype = ScalarType.Float32) : IDisposable
{
    private readonly Tensor _left = randn(size, size, dtype), _right = randn(size, size, dtype);

    /// <summary>Speed of one product in GFLOP/s, a multiplication and an addition counted as two.</summary>
    public double Gflops()
    {
        var clock = Stopwatch.StartNew();
        using var product = _left.matmul(_right);
        return 2.0 * size * size * size / clock.Elapsed.TotalSeconds / 1e9;
    }

    public void Dispose()
    {
        _left.Dispose();
        _right.Dispose();
    }
}
