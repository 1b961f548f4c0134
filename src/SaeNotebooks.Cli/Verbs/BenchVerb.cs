using System.CommandLine;
using SaeNotebooks.Cli.Benchmarks;
using Spectre.Console;

namespace SaeNotebooks.Cli.Verbs;

/// <summary><c>bench</c>: measures speed, memory and cold start on a model.</summary>
internal static class BenchVerb
{
    /// <summary>The verb's command.</summary>
    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = "short name or folder of the model", DefaultValueFactory = _ => "tiny" };
        var output = new Option<string?>("--out") { Description = "JSON file to write; out/bench.json by default" };
        var runs = new Option<int>("--runs") { Description = "runs of each measurement, after one to warm up", DefaultValueFactory = _ => 7 };
        var draw = new Option<bool>(FirstChart.Option) { Hidden = true };
        var shape = new Option<string?>("--shape") { Description = $"instead of a model, random weights in the shape of one: {string.Join(" or ", ModelShape.All.Select(s => s.Name))}" };
        var folder = new Option<string?>("--folder") { Description = "where the random weights are written and deleted again; the temporary folder by default" };
        var command = new Command("bench", "Measure tokens per second, memory and cold start.") { model, output, runs, shape, folder, draw };
        command.SetAction((parsed, cancellation) =>
        {
            if (parsed.GetValue(shape) is { } name)
                return Task.FromResult(MeasureShape(ModelShape.Named(name), parsed.GetValue(folder) ?? Path.GetTempPath(), parsed.GetValue(output), parsed.GetValue(runs), cancellation));
            if (!parsed.GetValue(draw))
                return Measure(parsed.GetValue(model)!, parsed.GetValue(output), parsed.GetValue(runs), cancellation);
            FirstChart.Draw(parsed.GetValue(model)!);
            return Task.FromResult(0);
        });
        return command;
    }

    private static async Task<int> Measure(string model, string? output, int runs, CancellationToken cancellation)
    {
        RequireRuns(runs);
        output ??= Path.Combine(Repository.Find().Output, "bench.json");
        var (measurements, leftOut) = Speeds(model, runs, cancellation);
        var memory = PeakMemory.MiB();
        var seconds = await FirstChart.Seconds(model, Math.Min(runs, 3), cancellation);
        var report = new BenchmarkReport(Reference.ToModel(model).Name, MachineFacts.Here(), measurements, memory, Measurement.MedianOf(seconds), leftOut);
        AtomicFile.Write(output, report.ToJson());
        Print(report);
        AnsiConsole.MarkupLineInterpolated($"wrote {output}");
        return 0;
    }

    private static int MeasureShape(ModelShape shape, string folder, string? output, int runs, CancellationToken cancellation)
    {
        RequireRuns(runs);
        output ??= Path.Combine(Repository.Find().Output, $"bench-{shape.Name}.json");
        using var checkpoint = GeneratedCheckpoint.Write(shape, folder, cancellation);
        var (measurements, ratios) = shape.Dtype == TorchSharp.torch.ScalarType.BFloat16 ? LoadBench.Run(checkpoint, shape, runs, cancellation)
            : PassBench.Run(checkpoint.Folder, runs, cancellation);
        var report = new ShapeReport(shape.Name, MachineFacts.Here(), measurements, ratios);
        AtomicFile.Write(output, report.ToJson());
        AnsiConsole.Write(Speeds(measurements));
        var table = new Table().AddColumns("ratio", "value", "target", "how");
        foreach (var ratio in ratios) table.AddRow(ratio.Name, $"{ratio.Value:0.00}", ratio.Target ?? "", ratio.Meaning);
        AnsiConsole.Write(table);
        AnsiConsole.MarkupLineInterpolated($"wrote {output}");
        return 0;
    }

    private static void RequireRuns(int runs)
    {
        if (runs < 1) throw new CliException($"--runs is {runs}; it must be at least 1.");
    }

    private static (List<Measurement> Measurements, List<string> LeftOut) Speeds(string model, int runs, CancellationToken cancellation)
    {
        using var bench = Workbench.Open(model);
        using var work = new Workloads(bench);
        using var gemm = new Gemm();
        var meter = new Meter(gemm, runs, cancellation);
        List<Measurement> measurements =
        [
            meter.Rate($"forward, {work.Hook} cached", "tokens/s", work.Forward),
            meter.Rate("generation, one prompt", "tokens/s", work.Generate),
            .. TrainingSteps.Measure(meter),
        ];
        if (!work.HasSae) return (measurements, [$"SAE encoding: '{bench.Name}' has no SAE"]);
        measurements.Add(meter.Rate($"SAE encoding at {work.Hook}", "tokens/s", work.EncodeSae));
        return (measurements, []);
    }

    private static string Shown(double value) => value.ToString(value < 100 ? "N2" : "N0");

    private static Table Speeds(IReadOnlyList<Measurement> measurements)
    {
        var table = new Table().AddColumns("work", "median", "range", "matrix product beside it");
        table.Columns[1].RightAligned();
        foreach (var m in measurements)
            table.AddRow(m.Name, $"{Shown(m.Median)} {m.Unit}", $"{Shown(m.Runs.Min())} to {Shown(m.Runs.Max())}", $"{m.GemmGflops:N0} GFLOP/s");
        return table;
    }

    private static void Print(BenchmarkReport report)
    {
        var table = Speeds(report.Measurements);
        table.AddRow("peak memory", $"{report.PeakMemoryMib:N0} MiB", "", "");
        table.AddRow("process start to first chart", $"{report.FirstChartSeconds:F1} s", "", "");
        AnsiConsole.Write(table);
        foreach (var line in report.LeftOut) AnsiConsole.MarkupLineInterpolated($"not measured: {line}");
        var machine = report.Machine;
        AnsiConsole.MarkupLineInterpolated($"{report.Model} on {machine.Processor}, {machine.Cores} cores, {machine.TorchThreads} threads; {machine.Runtime}, TorchSharp {machine.TorchSharp}, {machine.System}");
    }
}
