using static TorchSharp.torch;

namespace SaeNotebooks.Figures;

/// <summary>A named row of numbers in a chart; a tuple <c>("name", numbers)</c> or <c>("name", x, y)</c> is one too.</summary>
/// <param name="Name">what the legend says</param>
/// <param name="Y">the numbers</param>
/// <param name="X">where they lie; 0, 1, 2, … when absent</param>
public sealed record Series(string Name, Values Y, Values? X = null)
{
    /// <summary>A series of numbers at 0, 1, 2, …</summary>
    public static implicit operator Series((string Name, double[] Y) series) => new(series.Name, series.Y);
    /// <summary>A series of numbers at 0, 1, 2, …</summary>
    public static implicit operator Series((string Name, float[] Y) series) => new(series.Name, series.Y);
    /// <summary>A series of numbers at 0, 1, 2, …</summary>
    public static implicit operator Series((string Name, int[] Y) series) => new(series.Name, series.Y);
    /// <summary>A series of numbers at 0, 1, 2, …</summary>
    public static implicit operator Series((string Name, List<double> Y) series) => new(series.Name, series.Y);
    /// <summary>A series of numbers at 0, 1, 2, …, from a tensor <c>[n]</c>.</summary>
    public static implicit operator Series((string Name, Tensor Y) series) => new(series.Name, series.Y);
    /// <summary>A series of points.</summary>
    public static implicit operator Series((string Name, double[] X, double[] Y) series) => new(series.Name, series.Y, series.X);
    /// <summary>A series of points.</summary>
    public static implicit operator Series((string Name, float[] X, float[] Y) series) => new(series.Name, series.Y, series.X);

    internal double[] Positions()
    {
        if (X is not null && X.Count != Y.Count)
            throw new ArgumentException($"Series '{Name}' has {X.Count} x values and {Y.Count} y values; give as many of one as of the other.");
        return X?.ToArray() ?? [.. Enumerable.Range(0, Y.Count).Select(i => (double)i)];
    }
}

/// <summary>A named cloud of points of a scatter plot.</summary>
/// <param name="Name">what the legend says</param>
/// <param name="X">horizontal coordinates</param>
/// <param name="Y">vertical coordinates, as many</param>
/// <param name="Hover">what is shown when the pointer is over a point, one text for each; absent: the coordinates alone</param>
public sealed record Points(string Name, Values X, Values Y, IReadOnlyList<string>? Hover = null)
{
    internal void Check()
    {
        if (X.Count != Y.Count)
            throw new ArgumentException($"Points '{Name}' have {X.Count} x values and {Y.Count} y values; give as many of one as of the other.");
        if (Hover is not null && Hover.Count != Y.Count)
            throw new ArgumentException($"Points '{Name}' have {Hover.Count} hover texts for {Y.Count} points; give one for each.");
    }
}
