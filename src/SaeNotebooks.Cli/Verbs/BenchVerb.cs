using System.CommandLine;
using SaeNotebooks.Cli.Benchmarks;
using SaeNotebooks.Harvest;
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
        var index = new Option<bool>("--index") { Description = "measure harvesting on GPT-2 shapes and answers from large indexes instead; takes minutes and 2 GB of disk" };
        var draw = new Option<bool>(FirstChart.Option) { Hidden = true };
        var command = new Command("bench", "Measure tokens per second, memory and cold start.") { model, output, runs, index, draw };
        command.SetAction((parsed, cancellation) =>
        {
            if (parsed.GetValue(index)) return Task.FromResult(MeasureIndex(parsed.GetValue(output), parsed.GetValue(runs), cancellation));
            if (!parsed.GetValue(draw))
                return Measure(parsed.GetValue(model)!, parsed.GetValue(output), parsed.GetValue(runs), cancellation);
            FirstChart.Draw(parsed.GetValue(model)!);
            return Task.FromResult(0);
        });
        return command;
    }

    private static async Task<int> Measure(string model, string? output, int runs, CancellationToken cancellation)
    {
        if (runs < 1) throw new CliException($"--runs is {runs}; it must be at least 1.");
        output ??= Path.Combine(Repository.Find().Output, "bench.json");
        var (measurements, leftOut) = Speeds(model, runs, cancellation);
        var memory = MachineFacts.PeakMemory();
        var seconds = await FirstChart.Seconds(model, Math.Min(runs, 3), cancellation);
        var report = new BenchmarkReport(Reference.ToModel(model).Name, MachineFacts.Here(), measurements, memory, Measurement.MedianOf(seconds), leftOut);
        AtomicFile.Write(output, report.ToJson());
        Print(report);
        AnsiConsole.MarkupLineInterpolated($"wrote {output}");
        return 0;
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

    private static int MeasureIndex(string? output, int runs, CancellationToken cancellation)
    {
        using var gemm = new Gemm();
        List<Measurement> measurements = [];
        var harvest = new HarvestRows(Reference.ToModel(WorkbenchIndex.EmbeddedModel).Folder, new Meter(gemm, runs, cancellation));
        foreach (var row in new IndexRows(gemm).Measure(cancellation).Concat(harvest.Measure()))
        {
            measurements.Add(row);
            AnsiConsole.MarkupLineInterpolated($"{row.Name}: {Shown(row.Median)} {row.Unit}");
        }
        var report = new BenchmarkReport("gpt2 shapes", MachineFacts.Here(), measurements, MachineFacts.PeakMemory(), 0, ["the first chart"]);
        output ??= Path.Combine(Repository.Find().Output, "bench-index.json");
        AtomicFile.Write(output, report.ToJson());
        Print(report);
        AnsiConsole.MarkupLineInterpolated($"wrote {output}");
        return 0;
    }

    private static string Shown(double value) => value.ToString(value < 100 ? "N2" : "N0");

    private static void Print(BenchmarkReport report)
    {
        var table = new Table().AddColumns("work", "median", "range", "matrix product beside it");
        table.Columns[1].RightAligned();
        foreach (var m in report.Measurements)
            table.AddRow(m.Name, $"{Shown(m.Median)} {m.Unit}", $"{Shown(m.Runs.Min())} to {Shown(m.Runs.Max())}", $"{m.GemmGflops:N0} GFLOP/s");
        table.AddRow("peak memory", $"{report.PeakMemoryMib:N0} MiB", "", "");
        table.AddRow("process start to first chart", $"{report.FirstChartSeconds:F1} s", "", "");
        AnsiConsole.Write(table);
        foreach (var line in report.LeftOut) AnsiConsole.MarkupLineInterpolated($"not measured: {line}");
        var machine = report.Machine;
        AnsiConsole.MarkupLineInterpolated($"{report.Model} on {machine.Processor}, {machine.Cores} cores, {machine.TorchThreads} threads; {machine.Runtime}, TorchSharp {machine.TorchSharp}, {machine.System}");
    }
}
