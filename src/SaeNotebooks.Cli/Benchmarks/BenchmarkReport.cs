using System.Text.Json;

namespace SaeNotebooks.Cli.Benchmarks;

/// <summary>Everything that <c>bench</c> measured, as it is written to JSON.</summary>
/// <param name="Model">name of the model</param>
/// <param name="Machine">where</param>
/// <param name="Measurements">speeds</param>
/// <param name="PeakMemoryMib">most memory in use during them, model and runtime included</param>
/// <param name="FirstChartSeconds">from the start of a process to its first chart, the median of several</param>
/// <param name="LeftOut">what was not measured, and why</param>
public sealed record BenchmarkReport(
    string Model, MachineFacts Machine, IReadOnlyList<Measurement> Measurements, double PeakMemoryMib, double FirstChartSeconds, IReadOnlyList<string> LeftOut)
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The report as JSON, keys in snake case.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Format) + "\n";
}
