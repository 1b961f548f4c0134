namespace SaeNotebooks.Cli.Browsing;

/// <summary>How long a person waits for a moved slider's chart: milliseconds from the key's event, measured by a script in the page.</summary>
/// <param name="Seen">until the changed picture has been painted, of each move</param>
/// <param name="Live">until it can be worked with, of each move</param>
/// <param name="RoundTrips">a bare question to the kernel after each move: what server, socket and the machine's load cost by themselves</param>
internal sealed record ControlTimings(IReadOnlyList<double> Seen, IReadOnlyList<double> Live, IReadOnlyList<double> RoundTrips)
{
    /// <summary>The middle one, or the larger of two.</summary>
    public static double Median(IReadOnlyList<double> times) => times.Order().ElementAt(times.Count / 2);

    public override string ToString() =>
        $"key to changed chart in a median of {Median(Seen):0} ms (most {Seen.Max():0}, of {Seen.Count} moves), to one that can be worked with {Median(Live):0} ms, "
        + $"where a bare question to the kernel takes {Median(RoundTrips):0} ms";
}
