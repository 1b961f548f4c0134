using System.Diagnostics;
using System.Text.Json;
using SaeNotebooks.Cli.Running;
using SaeNotebooks.Cli.Setup;

namespace SaeNotebooks.Cli.Benchmarks;

/// <summary>How long a person waits for a notebook kernel, measured from outside by a client that speaks its protocol.</summary>
internal static class KernelTimings
{
    private const int LaterRequests = 20, ManyCells = 200, ManyDisplays = 10_000;

    /// <summary>What all names of this repository's kernel begin with.</summary>
    public const string Subject = "kernel";

    /// <summary>Milliseconds from the start of the process to its first answer, of the first and of later cells, of the first and of later completions, and of a
    /// cell from <c>#r</c> of the library to a first model output; of a cell after hundreds of others, and of thousands of displays until the last has arrived; and
    /// the processor time of the first two.</summary>
    /// <param name="repository">whose kernel and library are built</param>
    /// <param name="runs">how many kernels are started, one after the other</param>
    /// <param name="cancellation">ends it between two kernels</param>
    /// <exception cref="CliException">the kernel does not answer</exception>
    public static IReadOnlyList<Measurement> Measure(Repository repository, int runs, CancellationToken cancellation)
    {
        if (!File.Exists(repository.KernelDll))
            throw new CliException($"The kernel is not built ('{repository.KernelDll}' is missing): run 'dotnet build src/SaeNotebooks.Kernel'.");
        return Measure(InstalledKernel.Built(repository.KernelDll), Subject, FirstOutput(Path.Combine(repository.Root, "artifacts", "workbench")), runs, cancellation);
    }

    /// <summary>The same waits for another kernel, as far as they concern it, under its own name; nothing for a language in which no cell is written here.</summary>
    /// <param name="kernel">one that is installed beside this repository's</param>
    /// <param name="runs">how many kernels are started, one after the other</param>
    /// <param name="cancellation">ends it between two kernels</param>
    /// <exception cref="CliException">the kernel does not answer</exception>
    public static IReadOnlyList<Measurement> Measure(InstalledKernel kernel, int runs, CancellationToken cancellation) =>
        TimedCells.In(kernel.Language) is null ? [] : Measure(kernel, kernel.Name, null, runs, cancellation);

    private static List<Measurement> Measure(InstalledKernel kernel, string subject, string? firstOutput, int runs, CancellationToken cancellation)
    {
        using var gemm = new Gemm();
        gemm.Gflops();
        var waits = new List<Dictionary<string, double>>();
        var products = new List<double>();
        for (var run = 0; run < runs; run++)
        {
            cancellation.ThrowIfCancellationRequested();
            products.Add(gemm.Gflops());
            waits.Add(Once(kernel, TimedCells.In(kernel.Language)!, firstOutput));
        }
        return [.. waits[0].Keys.Select(name => Of($"{subject}: {name}", [.. waits.Select(wait => wait[name])], Measurement.MedianOf(products)))];
    }

    private static Measurement Of(string name, IReadOnlyList<double> milliseconds, double gflops) =>
        new(name, "ms", Measurement.MedianOf(milliseconds), milliseconds, gflops);

    private static Dictionary<string, double> Once(InstalledKernel kernel, TimedCells cells, string? firstOutput)
    {
        var clock = Stopwatch.StartNew();
        using var client = new KernelClient(kernel);
        client.Ask("kernel_info_request", new());
        Dictionary<string, double> waits = new()
        {
            ["start to ready"] = clock.Elapsed.TotalMilliseconds,
            ["first cell"] = client.Milliseconds("execute_request", KernelClient.Cell(cells.First)),
            ["start to first cell, processor"] = client.ProcessorMilliseconds,
            ["later trivial cell"] = Later(i => client.Milliseconds("execute_request", KernelClient.Cell(cells.Later(i)))),
            ["first completion"] = client.Milliseconds("complete_request", KernelClient.Completion(cells.FirstCompletion)),
            ["later completion"] = Later(i => client.Milliseconds("complete_request", KernelClient.Completion(cells.LaterCompletion(i)))),
        };
        for (var i = LaterRequests; i < ManyCells; i++) client.Ask("execute_request", KernelClient.Cell(cells.Later(i)));
        waits[$"trivial cell after {ManyCells} others"] = Later(i => client.Milliseconds("execute_request", KernelClient.Cell(cells.Later(ManyCells + i))));
        waits[$"{ManyDisplays} displays"] = client.MillisecondsToTheEnd(cells.Displays(ManyDisplays));
        if (firstOutput is not null) waits["#r of the library to first model output"] = client.Milliseconds("execute_request", KernelClient.Cell(firstOutput));
        return waits;
    }

    private static double Later(Func<int, double> ask) => Measurement.MedianOf(Enumerable.Range(0, LaterRequests).Select(ask));

    /// <summary>What a notebook does before it shows anything: references, the shipped model, a pass, and its most likely next token.</summary>
    private static string FirstOutput(string workbench) =>
        $"""
        #r {JsonSerializer.Serialize(Path.Combine(workbench, "SaeNotebooks.dll"))}
        #r {JsonSerializer.Serialize(Path.Combine(workbench, "TorchSharp.dll"))}
        var bench = SaeNotebooks.Workbench.Open("tiny");
        var run = bench.Model.Run("The old woman sees a bird.", logits: true);
        run.Logits[0, -1].argmax().item<long>()
        """;

    /// <summary>Cells that do the same in each language.</summary>
    private sealed record TimedCells(string First, Func<int, string> Later, string FirstCompletion, Func<int, string> LaterCompletion, Func<int, string> Displays)
    {
        public static TimedCells? In(string language) => language switch
        {
            "C#" => new("var first = 1;\nfirst + 1", i => $"var later{i} = {i};\nlater{i} + 1", "Console.Wri", i => $"var text = \"a\";\nlater{i}.To",
                count => $"for (var i = 0; i < {count}; i++) display(i);"),
            "python" => new("first = 1\nfirst + 1", i => $"later{i} = {i}\nlater{i} + 1", "print.__d", i => $"text = 'a'\nlater{i}.to",
                count => $"for i in range({count}): display(i)"),
            _ => null,
        };
    }
}
