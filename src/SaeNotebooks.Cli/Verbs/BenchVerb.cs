using System.CommandLine;
using SaeNotebooks.Cli.Benchmarks;
using SaeNotebooks.Harvest;
using Spectre.Console;

namespace SaeNotebooks.Cli.Verbs;

/// <summary><c>bench</c>: measures speed, memory and cold start on a model, and SAEs at the sizes at which others were measured.</summary>
internal static class BenchVerb
{
    /// <summary>The verb's command.</summary>
    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = "short name or folder of the model", DefaultValueFactory = _ => "tiny" };
        var output = new Option<string?>("--out") { Description = "JSON file to write; out/bench.json by default" };
        var runs = new Option<int>("--runs") { Description = "runs of each measurement, after one to warm up", DefaultValueFactory = _ => 7 };
        var only = new Option<string?>("--only") { Description = "measure only work whose name contains this, and no cold start" };
        var index = new Option<bool>("--index") { Description = "measure harvesting on GPT-2 shapes and answers from large indexes instead; takes minutes and 2 GB of disk" };
        var draw = new Option<bool>(FirstChart.Option) { Hidden = true };
        var peak = new Option<string?>(PeakMemory.Option) { Hidden = true };
        var command = new Command("bench", "Measure tokens per second, memory and cold start.") { model, output, runs, only, index, draw, peak };
        command.SetAction((parsed, cancellation) =>
        {
            if (parsed.GetValue(draw)) FirstChart.Draw(parsed.GetValue(model)!);
            else if (parsed.GetValue(peak) is { } key) PeakMemory.Print(Saes.First(b => b.Key == key));
            else if (parsed.GetValue(index)) MeasureIndex(parsed.GetValue(output), parsed.GetValue(runs), cancellation);
            else return Measure(parsed.GetValue(model)!, parsed.GetValue(output), parsed.GetValue(runs), parsed.GetValue(only), cancellation);
            return Task.FromResult(0);
        });
        return command;
    }

    private static IEnumerable<Benchmark> Saes => [.. TrainingSteps.All, .. SaeEncoding.All];

    private static async Task<int> Measure(string model, string? output, int runs, string? only, CancellationToken cancellation)
    {
        if (runs < 1) throw new CliException($"--runs is {runs}; it must be at least 1.");
        output ??= Path.Combine(Repository.Find().Output, "bench.json");
        using var bench = Workbench.Open(model);
        using var work = new Workloads(bench);
        IEnumerable<Benchmark> Wanted(IEnumerable<Benchmark> all) => all.Where(b => only is null || b.Name.Contains(only, StringComparison.OrdinalIgnoreCase));
        var measurements = Speeds(Wanted(work.All), runs, cancellation);
        var memory = MachineFacts.PeakMemory();
        measurements.AddRange(Speeds(Wanted(Saes), runs, cancellation));
        if (measurements is []) throw new CliException($"--only {only} fits none of: {string.Join("; ", work.All.Concat(Saes).Select(b => b.Name))}.");
        var peaks = new List<PeakMemory>();
        foreach (var group in Peers.Known.Memory.GroupBy(p => Wanted(Saes).FirstOrDefault(b => b.Key == p.Work)))
            if (group.Key is { } benchmark) peaks.Add(await PeakMemory.Of(benchmark, group, cancellation));
        if (only is null) measurements.AddRange(KernelTimings.Measure(Repository.Find().KernelDll, Math.Min(runs, 3), cancellation));
        var seconds = only is null ? await FirstChart.Seconds(model, Math.Min(runs, 3), cancellation) : [];
        var report = new BenchmarkReport(bench.Name, MachineFacts.Here(), measurements, memory, seconds is [] ? null : Measurement.MedianOf(seconds), peaks, Peers.Known.Machine,
            work.HasSae ? [] : [$"SAE encoding of '{bench.Name}', which has no SAE"]);
        AtomicFile.Write(output, report.ToJson());
        Print(report);
        AnsiConsole.MarkupLineInterpolated($"wrote {output}");
        return 0;
    }

    private static List<Measurement> Speeds(IEnumerable<Benchmark> benchmarks, int runs, CancellationToken cancellation) => [.. benchmarks.Select(benchmark =>
    {
        using var gemm = new Gemm(benchmark.Product);
        using var work = benchmark.Prepare();
        var measured = new Meter(gemm, runs, cancellation).Rate(benchmark.Name, benchmark.Unit, work.Once);
        return Peers.Known.Compare(benchmark, measured);
    })];

    private static void MeasureIndex(string? output, int runs, CancellationToken cancellation)
    {
        using var gemm = new Gemm();
        List<Measurement> measurements = [];
        var harvest = new HarvestRows(Reference.ToModel(WorkbenchIndex.EmbeddedModel).Folder, new Meter(gemm, runs, cancellation));
        foreach (var row in new IndexRows(gemm).Measure(cancellation).Concat(harvest.Measure()))
        {
            measurements.Add(row);
            AnsiConsole.MarkupLineInterpolated($"{row.Name}: {Shown(row.Median)} {row.Unit}");
        }
        var report = new BenchmarkReport("gpt2 shapes", MachineFacts.Here(), measurements, MachineFacts.PeakMemory(), null, [], Peers.Known.Machine, []);
        output ??= Path.Combine(Repository.Find().Output, "bench-index.json");
        AtomicFile.Write(output, report.ToJson());
        Print(report);
        AnsiConsole.MarkupLineInterpolated($"wrote {output}");
    }

    private static string Shown(double value) => value.ToString(value < 100 ? "N2" : "N0");

    private static string Lines(IEnumerable<Comparison> comparisons) => Markup.Escape(string.Join('\n', comparisons));

    private static void Print(BenchmarkReport report)
    {
        var table = new Table().AddColumns("work", "median", "range", "matrix product beside it", "against");
        table.Columns[1].RightAligned();
        foreach (var m in report.Measurements)
            table.AddRow(m.Name, $"{Shown(m.Median)} {m.Unit}", $"{Shown(m.Runs.Min())} to {Shown(m.Runs.Max())}", $"{m.GemmGflops:N0} GFLOP/s", Lines(m.Comparisons));
        foreach (var peak in report.PeakMemories) table.AddRow($"peak memory: {peak.Name}", $"{peak.Mebibytes:N0} MiB", "", "", Lines(peak.Comparisons));
        table.AddRow("peak memory with the model", $"{report.PeakMemoryMib:N0} MiB", "", "", "");
        if (report.FirstChartSeconds is { } seconds) table.AddRow("process start to first chart", $"{seconds:F1} s", "", "", "");
        AnsiConsole.Write(table);
        foreach (var line in report.LeftOut) AnsiConsole.MarkupLineInterpolated($"not measured: {line}");
        var machine = report.Machine;
        AnsiConsole.MarkupLineInterpolated($"{report.Model} on {machine.Processor}, {machine.Cores} cores, {machine.TorchThreads} threads; {machine.Runtime}, TorchSharp {machine.TorchSharp}, {machine.System}");
        AnsiConsole.MarkupLineInterpolated($"others: {report.PeersMachine}; speeds of both divided by that of the matrix product on the same machine");
    }
}
