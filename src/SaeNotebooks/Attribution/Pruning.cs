namespace SaeNotebooks.Attribution;

/// <summary>Keeps what matters most.</summary>
internal static class Pruning
{
    /// <summary>The fewest items that make up a share of the sum of all amounts, without regard to sign; the largest first.</summary>
    public static List<T> Keep<T>(IEnumerable<T> items, Func<T, double> amount, double share, int atMost)
    {
        T[] ordered = [.. items.OrderByDescending(item => Math.Abs(amount(item)))];
        var enough = share * ordered.Sum(item => Math.Abs(amount(item)));
        var (kept, sum) = (new List<T>(), 0.0);
        foreach (var item in ordered.Take(atMost))
        {
            if (share < 1 && sum >= enough) break;
            kept.Add(item);
            sum += Math.Abs(amount(item));
        }
        return kept;
    }
}
