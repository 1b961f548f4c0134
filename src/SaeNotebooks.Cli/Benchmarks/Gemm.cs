using System.Diagnostics;
using static TorchSharp.torch;

namespace SaeNotebooks.Cli.Benchmarks;

/// <summary>A product of two square float32 matrices: what the machine can do at this moment.</summary>
internal sealed class Gemm : IDisposable
{
    private const int Size = 768;
    private readonly Tensor _left = randn(Size, Size), _right = randn(Size, Size);

    /// <summary>Speed of one product in GFLOP/s, a multiplication and an addition counted as two.</summary>
    public double Gflops()
    {
        var clock = Stopwatch.StartNew();
        using var product = _left.matmul(_right);
        return 2.0 * Size * Size * Size / clock.Elapsed.TotalSeconds / 1e9;
    }

    public void Dispose()
    {
        _left.Dispose();
        _right.Dispose();
    }
}
