using System.Diagnostics;
using static TorchSharp.torch;

namespace SaeNotebooks.Cli.Benchmarks;

/// <summary>A product of two square matrices, as libtorch makes it: what the machine can do at this moment.</summary>
internal sealed class Gemm : IDisposable
{
    private const int Size = 2048;
    private readonly Tensor _left, _right;

    /// <param name="dtype">of the matrices</param>
    public Gemm(ScalarType dtype = ScalarType.Float32)
    {
        using var scope = NewDisposeScope();
        (_left, _right) = (randn(Size, Size).to(dtype).MoveToOuterDisposeScope(), randn(Size, Size).to(dtype).MoveToOuterDisposeScope());
    }

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
