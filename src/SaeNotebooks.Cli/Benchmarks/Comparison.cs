namespace SaeNotebooks.Cli.Benchmarks;

/// <summary>A figure as a multiple of another.</summary>
/// <param name="With">whose the other is</param>
/// <param name="Ratio">this figure divided by the other; of speeds, each first divided by that of the matrix product beside it</param>
/// <param name="AtLeast">what the ratio should reach</param>
/// <param name="AtMost">what it should not exceed</param>
/// <param name="Source">what the other figure is</param>
public sealed record Comparison(string With, double Ratio, double? AtLeast, double? AtMost, string Source)
{
    /// <summary>Whether the aim is met.</summary>
    public bool Met => !(Ratio < AtLeast) && !(Ratio > AtMost);

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"{Ratio:F2} × {With} ({(Met ? "" : "missed: ")}{(AtLeast is not null ? "at least" : "at most")} {AtLeast ?? AtMost:G})");
}
