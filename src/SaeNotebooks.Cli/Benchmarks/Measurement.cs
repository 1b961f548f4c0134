namespace SaeNotebooks.Cli.Benchmarks;

/// <summary>How fast one kind of work went.</summary>
/// <param name="Name">the work</param>
/// <param name="Unit">of the numbers, for example tokens/s</param>
/// <param name="Median">of all runs after the warm-up</param>
/// <param name="Runs">each run, in their order</param>
/// <param name="GemmGflops">what a plain matrix product reached on this machine between those runs, in GFLOP/s; comparing with it takes
/// other load on the machine out of the figure</param>
public sealed record Measurement(string Name, string Unit, double Median, IReadOnlyList<double> Runs, double GemmGflops)
{
    /// <summary>With what others reach.</summary>
    public IReadOnlyList<Comparison> Comparisons { get; init; } = [];

    /// <summary>The median of the ratios to another kind of work that was measured by turns with this one.</summary>
    public double Over(Measurement other) => MedianOf(Runs.Zip(other.Runs, (mine, others) => mine / others));

    /// <summary>The middle value; of an even number of values, the mean of the middle two.</summary>
    /// <exception cref="ArgumentException">there are no values</exception>
    public static double MedianOf(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0) throw new ArgumentException("A median needs at least one value.", nameof(values));
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
