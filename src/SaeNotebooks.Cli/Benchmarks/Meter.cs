using System.Diagnostics;

namespace SaeNotebooks.Cli.Benchmarks;

/// <summary>Times work: one run to warm up, then several that count, each with a matrix product timed beside it.</summary>
/// <param name="gemm">the matrix product</param>
/// <param name="runs">runs that count, at least 1</param>
/// <param name="cancellation">ends it between two runs</param>
internal sealed class Meter(Gemm gemm, int runs, CancellationToken cancellation = default)
{
    /// <summary>Units of work done per second.</summary>
    /// <param name="name">the work</param>
    /// <param name="unit">what is counted, per second</param>
    /// <param name="work">does the work once and says how many units that was</param>
    public Measurement Rate(string name, string unit, Func<long> work)
    {
        work();
        var rates = new double[runs];
        var products = new double[runs];
        for (var run = 0; run < runs; run++)
        {
            cancellation.ThrowIfCancellationRequested();
            products[run] = gemm.Gflops();
            var clock = Stopwatch.StartNew();
            var units = work();
            rates[run] = units / clock.Elapsed.TotalSeconds;
        }
        return new(name, unit, Measurement.MedianOf(rates), rates, Measurement.MedianOf(products));
    }
}
