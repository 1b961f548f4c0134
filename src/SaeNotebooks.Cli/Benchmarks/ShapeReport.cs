using System.Text.Json;

namespace SaeNotebooks.Cli.Benchmarks;

/// <summary>A figure relative to something measured beside it, so that it can be compared between machines.</summary>
/// <param name="Name">what was compared</param>
/// <param name="Value">the ratio</param>
/// <param name="Target">what it should be, for example <c>at least 1.8</c>; null where there is no aim</param>
/// <param name="Meaning">how it was computed</param>
public sealed record Ratio(string Name, double Value, string? Target, string Meaning);

/// <summary>What <c>bench --shape</c> measured on a checkpoint with generated weights, as it is written to JSON.</summary>
/// <param name="Shape">the model whose shape it has</param>
/// <param name="Machine">where</param>
/// <param name="Measurements">speeds</param>
/// <param name="Ratios">what follows from them</param>
public sealed record ShapeReport(string Shape, MachineFacts Machine, IReadOnlyList<Measurement> Measurements, IReadOnlyList<Ratio> Ratios)
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The report as JSON, keys in snake case.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Format) + "\n";
}
