using Spectre.Console;

namespace SaeNotebooks.Cli.Benchmarks;

/// <summary>Reports of <c>bench</c> on the terminal.</summary>
internal static class BenchTables
{
    /// <summary>A number with as many digits as tell something.</summary>
    public static string Shown(double value) => value.ToString(value < 100 ? "N2" : "N0");

    /// <summary>What was measured on a model.</summary>
    public static void Print(BenchmarkReport report)
    {
        var table = Speeds(report.Measurements);
        foreach (var peak in report.PeakMemories) table.AddRow($"peak memory: {peak.Name}", $"{peak.Mebibytes:N0} MiB", "", "", Lines(peak.Comparisons));
        table.AddRow("peak memory with the model", $"{report.PeakMemoryMib:N0} MiB", "", "", "");
        if (report.FirstChartSeconds is { } seconds) table.AddRow("process start to first chart", $"{seconds:F1} s", "", "", "");
        AnsiConsole.Write(table);
        foreach (var line in report.LeftOut) AnsiConsole.MarkupLineInterpolated($"not measured: {line}");
        Print(report.Model, report.Machine);
        AnsiConsole.MarkupLineInterpolated($"others: {report.PeersMachine}; speeds of both divided by that of the matrix product on the same machine");
    }

    /// <summary>What was measured on random weights in the shape of a model.</summary>
    public static void Print(ShapeReport report)
    {
        AnsiConsole.Write(Speeds(report.Measurements));
        var table = new Table().AddColumns("ratio", "value", "target", "how");
        foreach (var ratio in report.Ratios) table.AddRow(ratio.Name, $"{ratio.Value:0.00}", ratio.Target ?? "", ratio.Meaning);
        AnsiConsole.Write(table);
        Print(report.Shape, report.Machine);
    }

    private static Table Speeds(IReadOnlyList<Measurement> measurements)
    {
        var table = new Table().AddColumns("work", "median", "range", "matrix product beside it", "against");
        table.Columns[1].RightAligned();
        foreach (var m in measurements)
            table.AddRow(Markup.Escape(m.Name), $"{Shown(m.Median)} {m.Unit}", $"{Shown(m.Runs.Min())} to {Shown(m.Runs.Max())}", $"{m.GemmGflops:N0} GFLOP/s", Lines(m.Comparisons));
        return table;
    }

    private static void Print(string model, MachineFacts machine) => AnsiConsole.MarkupLineInterpolated(
        $"{model} on {machine.Processor}, {machine.Cores} cores, {machine.TorchThreads} threads; {machine.Runtime}, TorchSharp {machine.TorchSharp}, {machine.System}");

    private static string Lines(IEnumerable<Comparison> comparisons) => Markup.Escape(string.Join('\n', comparisons));
}
