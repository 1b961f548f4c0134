using System.Globalization;
using System.Text.Json.Serialization;

namespace SaeNotebooks.Translation.Measures;

/// <summary>A measured value with its 95 % interval.</summary>
/// <param name="Value">the value on all cases</param>
/// <param name="Low">2.5 % quantile of the bootstrap</param>
/// <param name="High">97.5 % quantile of the bootstrap</param>
/// <param name="Count">cases</param>
public sealed record Estimate(double Value, double Low, double High, int Count)
{
    /// <summary>As percentage: <c>61.5 % [54.0, 69.0]</c>.</summary>
    [JsonIgnore]
    public string Percent => string.Create(CultureInfo.InvariantCulture, $"{100 * Value:0.0} % [{100 * Low:0.0}, {100 * High:0.0}]");

    /// <summary>As percentage points with a sign: <c>+25.0 [18.0, 32.0]</c>.</summary>
    [JsonIgnore]
    public string Points => string.Create(CultureInfo.InvariantCulture, $"{100 * Value:+0.0;−0.0;0.0} [{100 * Low:0.0}, {100 * High:0.0}]");

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value:0.000} [{Low:0.000}, {High:0.000}] (n = {Count})");
}
