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
    public Measurement Rate(string name, string unit, Func<long> work) => InTurn((name, unit, work))[0];

    /// <summary>The same of several kinds of work by turns, for ratios: how fast memory is changes from second to second on a shared machine, and then falls on all
    /// alike.</summary>
    /// <inheritdoc cref="Rate"/>
    public Measurement[] InTurn(params (string Name, string Unit, Func<long> Work)[] works)
    {
        foreach (var (_, _, work) in works) work();
        var rates = works.Select(_ => new double[runs]).ToArray();
        var products = new double[runs];
        for (var run = 0; run < runs; run++)
        {
            products[run] = gemm.Gflops();
            for (var i = 0; i < works.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                var clock = Stopwatch.StartNew();
                var units = works[i].Work();
                rates[i][run] = units / clock.Elapsed.TotalSeconds;
            }
        }
        return [.. works.Select((work, i) => new Measurement(work.Name, work.Unit, Measurement.MedianOf(rates[i]), rates[i], Measurement.MedianOf(products)))];
    }
}
