using System.CommandLine;
using SaeNotebooks.Cli.Benchmarks;
using SaeNotebooks.Cli.Setup;
using SaeNotebooks.Harvest;
using Spectre.Console;

namespace SaeNotebooks.Cli.Verbs;

/// <summary><c>bench</c>: measures speed, memory and cold start on a model, and SAEs, passes, loading and indexes at the sizes at which others were measured.</summary>
internal static class BenchVerb
{
    /// <summary>The verb's command.</summary>
    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = "short name or folder of the model", DefaultValueFactory = _ => "tiny" };
        var output = new Option<string?>("--out") { Description = "JSON file to write; in out/ by default" };
        var runs = new Option<int>("--runs") { Description = "runs of each measurement, after one to warm up", DefaultValueFactory = _ => 7 };
        var only = new Option<string?>("--only") { Description = "measure only work whose name contains this, and no cold start; 'kernel' for the waits for the notebook kernel, 'slider' for those for a chart below one, in a browser" };
        var index = new Option<bool>("--index") { Description = "measure harvesting on GPT-2 shapes and answers from large indexes instead; takes minutes and 2 GB of disk" };
        var shape = new Option<string?>("--shape") { Description = $"instead of a model, random weights in the shape of one: {string.Join(" or ", ModelShape.All.Select(s => s.Name))}" };
        var folder = new Option<string?>("--folder") { Description = "where the random weights are written and deleted again; the temporary folder by default" };
        var draw = new Option<bool>(FirstChart.Option) { Hidden = true };
        var peak = new Option<string?>(PeakMemory.Option) { Hidden = true };
        var command = new Command("bench", "Measure tokens per second, memory and cold start.") { model, output, runs, only, index, shape, folder, draw, peak };
        command.SetAction(async (parsed, cancellation) =>
        {
            var (path, count) = (parsed.GetValue(output), parsed.GetValue(runs));
            if (count < 1) throw new CliException($"--runs is {count}; it must be at least 1.");
            if (parsed.GetValue(draw)) FirstChart.Draw(parsed.GetValue(model)!);
            else if (parsed.GetValue(peak) is { } key) PeakMemory.Print(WithPeak.First(b => b.Key == key));
            else if (parsed.GetValue(index)) MeasureIndex(path, count, parsed.GetValue(only), cancellation);
            else if (parsed.GetValue(shape) is { } name) MeasureShape(ModelShape.Named(name), parsed.GetValue(folder) ?? Path.GetTempPath(), path, count, cancellation);
            else await Measure(parsed.GetValue(model)!, path, count, parsed.GetValue(only), cancellation);
            return 0;
        });
        return command;
    }

    private static IEnumerable<Benchmark> Saes => [.. TrainingSteps.All, .. SaeEncoding.All];

    private static IEnumerable<Benchmark> WithPeak => Saes.Append(SaeMeasuring.Evaluation);

    private static bool IsWanted(string name, string? only) => only is null || name.Contains(only, StringComparison.OrdinalIgnoreCase);

    private static async Task Measure(string model, string? output, int runs, string? only, CancellationToken cancellation)
    {
        using var bench = Workbench.Open(model);
        using var work = new Workloads(bench);
        IEnumerable<Benchmark> Wanted(IEnumerable<Benchmark> all) => all.Where(b => IsWanted(b.Name, only));
        var measurements = Speeds(Wanted(work.All), runs, cancellation);
        var memory = ProcessMemory.PeakMiB();
        measurements.AddRange(Speeds(Wanted(Saes), runs, cancellation));
        if (only is null or KernelTimings.Subject) measurements.AddRange(await Kernels(Math.Min(runs, 3), cancellation));
        if (only is SliderTimings.Subject) measurements.AddRange(await SliderTimings.Measure(Repository.Find(), Math.Min(runs, 3), cancellation));
        var peaks = new List<PeakMemory>();
        foreach (var group in Peers.Known.Memory.GroupBy(p => Wanted(WithPeak).FirstOrDefault(b => b.Key == p.Work)))
            if (group.Key is { } benchmark) peaks.Add(await PeakMemory.Of(benchmark, group, cancellation));
        if (measurements is [] && peaks is [])
            throw new CliException($"--only {only} fits none of: {string.Join("; ", work.All.Concat(WithPeak).Select(b => b.Name).Concat([KernelTimings.Subject, SliderTimings.Subject]))}.");
        var seconds = only is null ? await FirstChart.Seconds(model, Math.Min(runs, 3), cancellation) : [];
        var report = new BenchmarkReport(bench.Name, MachineFacts.Here(), measurements, memory, seconds is [] ? null : Measurement.MedianOf(seconds), peaks, Peers.Known.Machine,
            work.HasSae ? [] : [$"SAE encoding of '{bench.Name}', which has no SAE"]);
        BenchTables.Print(report);
        Write(output, "bench.json", report.ToJson());
    }

    /// <summary>This repository's, and beside it those that Jupyter knows here.</summary>
    private static async Task<IEnumerable<Measurement>> Kernels(int runs, CancellationToken cancellation)
    {
        var ours = KernelTimings.Measure(Repository.Find(), runs, cancellation);
        return ours.Concat((await InstalledKernel.OfOthers(cancellation)).SelectMany(other => KernelTimings.Measure(other, runs, cancellation)));
    }

    private static List<Measurement> Speeds(IEnumerable<Benchmark> benchmarks, int runs, CancellationToken cancellation) => [.. benchmarks.Select(benchmark =>
    {
        using var gemm = new Gemm(benchmark.Product);
        using var work = benchmark.Prepare();
        var measured = new Meter(gemm, runs, cancellation).Rate(benchmark.Name, benchmark.Unit, work.Once);
        return Peers.Known.Compare(benchmark, measured);
    })];

    private static void MeasureIndex(string? output, int runs, string? only, CancellationToken cancellation)
    {
        using var gemm = new Gemm();
        List<Measurement> measurements = [];
        var harvest = new HarvestRows(Reference.ToModel(WorkbenchIndex.EmbeddedModel).Folder, new Meter(gemm, runs, cancellation)).Groups;
        (string Name, IEnumerable<Measurement> Rows)[] groups = [.. new IndexRows(gemm).Groups(cancellation), .. harvest];
        var wanted = groups.Where(g => IsWanted(g.Name, only)).ToList();
        if (wanted is []) throw new CliException($"--only {only} fits none of: {string.Join("; ", groups.Select(g => g.Name))}.");
        foreach (var row in wanted.SelectMany(g => g.Rows))
        {
            measurements.Add(row);
            AnsiConsole.MarkupLineInterpolated($"{row.Name}: {BenchTables.Shown(row.Median)} {row.Unit}");
        }
        var report = new BenchmarkReport("gpt2 shapes", MachineFacts.Here(), measurements, ProcessMemory.PeakMiB(), null, [], Peers.Known.Machine, []);
        BenchTables.Print(report);
        Write(output, "bench-index.json", report.ToJson());
    }

    private static void MeasureShape(ModelShape shape, string folder, string? output, int runs, CancellationToken cancellation)
    {
        using var checkpoint = GeneratedCheckpoint.Write(shape, folder, cancellation);
        var (measurements, ratios) = shape.Dtype == TorchSharp.torch.ScalarType.BFloat16 ? LoadBench.Run(checkpoint, shape, runs, cancellation)
            : PassBench.Run(checkpoint.Folder, runs, cancellation);
        var report = new ShapeReport(shape.Name, MachineFacts.Here(), measurements, ratios);
        BenchTables.Print(report);
        Write(output, $"bench-{shape.Name}.json", report.ToJson());
    }

    private static void Write(string? output, string usual, string json)
    {
        output ??= Path.Combine(Repository.Find().Output, usual);
        AtomicFile.Write(output, json);
        AnsiConsole.MarkupLineInterpolated($"wrote {output}");
    }
}
