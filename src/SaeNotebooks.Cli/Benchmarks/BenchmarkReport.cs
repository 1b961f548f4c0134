using System.Text.Json;

namespace SaeNotebooks.Cli.Benchmarks;

/// <summary>Everything that <c>bench</c> measured, as it is written to JSON.</summary>
/// <param name="Model">name of the model</param>
/// <param name="Machine">where</param>
/// <param name="Measurements">speeds</param>
/// <param name="PeakMemoryMib">most memory in use while the model was measured, model and runtime included</param>
/// <param name="FirstChartSeconds">from the start of a process to its first chart, the median of several; null if it was not asked for</param>
/// <param name="PeakMemories">most memory in use by processes that did one kind of work alone</param>
/// <param name="PeersMachine">where the figures of others were measured</param>
/// <param name="LeftOut">what was not measured, and why</param>
public sealed record BenchmarkReport(
    string Model, MachineFacts Machine, IReadOnlyList<Measurement> Measurements, double PeakMemoryMib, double? FirstChartSeconds,
    IReadOnlyList<PeakMemory> PeakMemories, string PeersMachine, IReadOnlyList<string> LeftOut)
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The report as JSON, keys in snake case.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Format) + "\n";
}
