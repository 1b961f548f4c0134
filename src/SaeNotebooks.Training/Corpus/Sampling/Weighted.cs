namespace SaeNotebooks.Training.Corpus;

/// <summary>Items to draw from with fixed weights, by bisection.</summary>
internal sealed class Weighted<T>
{
    private readonly T[] items;
    private readonly double[] cumulative;

    public Weighted(IEnumerable<T> source, Func<T, double> weight)
    {
        items = [.. source];
        cumulative = new double[items.Length];
        var total = 0.0;
        for (var i = 0; i < items.Length; i++)
            cumulative[i] = total += weight(items[i]);
    }

    public bool IsEmpty => items.Length == 0;

    public T Draw(Rng rng)
    {
        var index = Array.BinarySearch(cumulative, rng.NextDouble() * cumulative[^1]);
        return items[Math.Min(index < 0 ? ~index : index + 1, items.Length - 1)];
    }
}
