using System.Diagnostics;
using SaeNotebooks.Cli.Running;

namespace SaeNotebooks.Cli.Benchmarks;

/// <summary>How long a person waits for the notebook kernel, measured from outside by a client that speaks its protocol.</summary>
internal static class KernelTimings
{
    private const int LaterRequests = 20;

    /// <summary>What all names begin with.</summary>
    public const string Subject = "kernel";

    /// <summary>Milliseconds from the start of the process to its first answer, of the first and of later cells, of the first and of later completions; and the
    /// processor time of the first two.</summary>
    /// <param name="kernel">SaeNotebooks.Kernel.dll</param>
    /// <param name="runs">how many kernels are started, one after the other</param>
    /// <param name="cancellation">ends it between two kernels</param>
    /// <exception cref="CliException">the kernel does not answer</exception>
    public static IReadOnlyList<Measurement> Measure(string kernel, int runs, CancellationToken cancellation)
    {
        if (!File.Exists(kernel)) throw new CliException($"The kernel is not built ('{kernel}' is missing): run 'dotnet build src/SaeNotebooks.Kernel'.");
        using var gemm = new Gemm();
        gemm.Gflops();
        var waits = new List<Dictionary<string, double>>();
        var products = new List<double>();
        for (var run = 0; run < runs; run++)
        {
            cancellation.ThrowIfCancellationRequested();
            products.Add(gemm.Gflops());
            waits.Add(Once(kernel));
        }
        return [.. waits[0].Keys.Select(name => Of(name, [.. waits.Select(wait => wait[name])], Measurement.MedianOf(products)))];
    }

    private static Measurement Of(string name, IReadOnlyList<double> milliseconds, double gflops) =>
        new(name, "ms", Measurement.MedianOf(milliseconds), milliseconds, gflops);

    private static Dictionary<string, double> Once(string kernel)
    {
        var clock = Stopwatch.StartNew();
        using var client = new KernelClient(kernel);
        client.Ask("kernel_info_request", new());
        var ready = clock.Elapsed.TotalMilliseconds;
        return new()
        {
            ["kernel: start to ready"] = ready,
            ["kernel: first cell"] = client.Milliseconds("execute_request", KernelClient.Cell("var first = 1;\nfirst + 1")),
            ["kernel: start to first cell, processor"] = client.ProcessorMilliseconds,
            ["kernel: later trivial cell"] = Later(i => client.Milliseconds("execute_request", KernelClient.Cell($"var later{i} = {i};\nlater{i} + 1"))),
            ["kernel: first completion"] = client.Milliseconds("complete_request", KernelClient.Completion("Console.Wri")),
            ["kernel: later completion"] = Later(i => client.Milliseconds("complete_request", KernelClient.Completion($"var text = \"a\";\nlater{i}.To"))),
        };
    }

    private static double Later(Func<int, double> ask) => Measurement.MedianOf(Enumerable.Range(0, LaterRequests).Select(ask));
}
