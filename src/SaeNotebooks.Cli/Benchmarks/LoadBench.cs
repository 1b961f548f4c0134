using System.Diagnostics;
using SaeNotebooks.Models;

namespace SaeNotebooks.Cli.Benchmarks;

/// <summary>Loading of a large checkpoint, timed through the first forward pass, against reading the same file from the system's cache.</summary>
internal static class LoadBench
{
    /// <param name="checkpoint">what to load</param>
    /// <param name="shape">its shape</param>
    /// <param name="runs">how often</param>
    /// <param name="cancellation">ends it between two runs</param>
    public static (List<Measurement> Measurements, List<Ratio> Ratios) Run(GeneratedCheckpoint checkpoint, ModelShape shape, int runs, CancellationToken cancellation)
    {
        var (reads, loads) = (new double[runs], new double[runs]);
        Read(checkpoint.Weights); // into the cache
        var (_, peak) = Load(checkpoint, shape); // a virtual machine gets memory from its host at the first touch, which took seconds per gigabyte
        for (var run = 0; run < runs; run++)
        {
            cancellation.ThrowIfCancellationRequested();
            var clock = Stopwatch.StartNew();
            Read(checkpoint.Weights);
            reads[run] = shape.Bytes / clock.Elapsed.TotalSeconds / 1e9;
            (loads[run], _) = Load(checkpoint, shape);
        }
        using var gemm = new Gemm();
        Measurement Of(string name, double[] rates) => new(name, "GB/s", Measurement.MedianOf(rates), rates, gemm.Gflops());
        var (reading, loading) = (Of("reading the file from the cache, one thread into one buffer", reads), Of("loading and a first pass", loads));
        return ([reading, loading],
        [
            new("loading over reading", Measurement.MedianOf(loads.Zip(reads, (l, r) => l / r)), "at least 0.7", "bytes per second through the first pass over bytes per second of reading, median of pairs"),
            new("peak memory over weights", peak * 1048576 / shape.Bytes, "at most 1.15", $"{peak:N0} MiB of the whole process at its first load over {shape.Bytes / 1048576.0:N0} MiB of weights"),
        ]);
    }

    private static (double GigabytesPerSecond, double PeakMiB) Load(GeneratedCheckpoint checkpoint, ModelShape shape)
    {
        ProcessMemory.Reset();
        var clock = Stopwatch.StartNew();
        using var model = HookedTransformer.Load(checkpoint.Folder, shape.Dtype);
        using var run = model.Run(new[] { 2, 3, 5, 7 });
        _ = run.Logits[0, 0, 0].item<float>();
        return (shape.Bytes / clock.Elapsed.TotalSeconds / 1e9, ProcessMemory.PeakMiB());
    }

    private static void Read(string path)
    {
        var buffer = new byte[8 << 20];
        using var file = File.OpenHandle(path);
        for (long at = 0, read; (read = RandomAccess.Read(file, buffer, at)) > 0;) at += read;
    }
}
