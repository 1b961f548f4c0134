using System.Globalization;

namespace SaeNotebooks.Cli.Benchmarks;

/// <summary>The most memory that a process has in use which does one kind of work and nothing else.</summary>
/// <param name="Name">the work</param>
/// <param name="Mebibytes">runtime and libraries included</param>
/// <param name="Comparisons">with what others needed</param>
public sealed record PeakMemory(string Name, double Mebibytes, IReadOnlyList<Comparison> Comparisons)
{
    /// <summary>The option by which this program runs as that process, with the work's key.</summary>
    public const string Option = "--print-peak-memory-of";

    private const int Runs = 3;
    private const string Printed = "peak ";

    /// <summary>Does the work a few times and prints the peak.</summary>
    internal static void Print(Benchmark benchmark)
    {
        using var work = benchmark.Prepare();
        for (var run = 0; run < Runs; run++) work.Once();
        Console.WriteLine(Printed + ProcessMemory.PeakMiB().ToString("F1", CultureInfo.InvariantCulture));
    }

    /// <summary>Measures work in a process of its own.</summary>
    /// <param name="benchmark">the work</param>
    /// <param name="peers">what others needed for it</param>
    /// <param name="cancellation">ends the process</param>
    /// <exception cref="CliException">the process failed</exception>
    internal static async Task<PeakMemory> Of(Benchmark benchmark, IEnumerable<PeerMemory> peers, CancellationToken cancellation)
    {
        double? peak = null;
        var result = await ChildProcess.RunSelf(["bench", Option, benchmark.Key],
            line => peak ??= line.StartsWith(Printed, StringComparison.Ordinal) ? double.Parse(line[Printed.Length..], CultureInfo.InvariantCulture) : null, cancellation);
        var mebibytes = peak ?? throw new CliException($"The memory of '{benchmark.Name}' was not measured: {result.LastLine}");
        return new(benchmark.Name, mebibytes, [.. peers.Select(p => new Comparison(p.Peer, mebibytes / p.Mebibytes, null, p.AtMost, p.Source))]);
    }
}
