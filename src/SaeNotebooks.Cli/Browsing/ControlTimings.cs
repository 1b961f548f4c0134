namespace SaeNotebooks.Cli.Browsing;

/// <summary>How long a person waits for a moved slider's chart, measured by a script in the page.</summary>
/// <param name="Moves">milliseconds from the key's event to the changed document, of each move</param>
/// <param name="RoundTrips">milliseconds of a bare question to the kernel after each move: what server, socket and the machine's load cost by themselves</param>
internal sealed record ControlTimings(IReadOnlyList<double> Moves, IReadOnlyList<double> RoundTrips)
{
    public double Median => MedianOf(Moves);

    public double Most => Moves.Max();

    public double RoundTrip => MedianOf(RoundTrips);

    private static double MedianOf(IReadOnlyList<double> times) => times.Order().ElementAt(times.Count / 2);
}
