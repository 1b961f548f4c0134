using SaeNotebooks.Features.Storage;

namespace SaeNotebooks.Features.Questions;

/// <summary>Which latents fire on the same tokens. A shortlist is counted on a sample of the latent's firings; what is told of its members is exact.</summary>
internal static class Pairs
{
    private const int Sample = 20_000, ShortlistPerAnswer = 4, LeastShortlist = 40;

    /// <param name="counted">tokens that count</param>
    /// <param name="one">the latent</param>
    /// <param name="other">the SAE whose latents are compared with it, or its own</param>
    /// <param name="count">how many answers</param>
    public static IReadOnlyList<LatentPair> Of(long counted, (SaeStore Store, int Latent) one, SaeStore other, int count)
    {
        Sampling.RequireCount(count);
        var occurrences = one.Store.Occurrences(one.Latent);
        return [.. Shortlist(occurrences, other, one.Store == other ? one.Latent : -1, Math.Max(LeastShortlist, ShortlistPerAnswer * count))
            .Select(candidate => Exact(counted, one, (other, candidate)))
            .OrderByDescending(p => p.Correlation).ThenBy(p => p.Latent).Take(count)];
    }

    /// <summary>What was stored of a latent's pairs within its own SAE when the index was made.</summary>
    public static IReadOnlyList<LatentPair> Stored(long counted, SaeStore store, int latent, int count) =>
        [.. store.CoActive(latent).Take(count).Select(p => Pair(counted, (store.Fires(latent), store.Fires(p.Latent)), p.Latent, p.Together, p.Correlation))];

    /// <summary>Latents with the largest Σ a / √n(b), summed where b fires, as a sample tells: the cosine of a's activations with where b fires, but for a factor
    /// that all share. By how often both fire, a rare latent that fires where a is strongest would be missed.</summary>
    private static List<int> Shortlist(Occurrences occurrences, SaeStore other, int itself, int length)
    {
        var together = new float[other.Sae.Width];
        var step = Math.Max(1, occurrences.Count / Sample);
        for (var i = 0; i < occurrences.Count; i += step) other.Add(occurrences.Places[i], occurrences[i], together.AsSpan());
        var best = new PriorityQueue<int, (double Share, int Earlier)>(); // the weakest first
        for (var latent = 0; latent < together.Length; latent++)
        {
            if (together[latent] == 0 || latent == itself) continue;
            var rank = (together[latent] / Math.Sqrt(other.Fires(latent)), -latent);
            if (best.Count < length) best.Enqueue(latent, rank);
            else best.EnqueueDequeue(latent, rank);
        }
        return [.. best.UnorderedItems.Select(b => b.Element)];
    }

    private static LatentPair Exact(long counted, (SaeStore Store, int Latent) one, (SaeStore Store, int Latent) other)
    {
        var a = one.Store.Occurrences(one.Latent);
        var b = other.Store.Occurrences(other.Latent);
        var (together, products) = a.Count <= b.Count ? Meet(a, b) : Meet(b, a);
        return Pair(counted, (a.Count, b.Count), other.Latent, together, Correlation(counted, products, Moments(one), Moments(other)));
    }

    private static LatentPair Pair(long counted, (long A, long B) fires, int latent, long together, double correlation) =>
        new(latent, together, together / Math.Max(1.0, fires.A + fires.B - together), together * (double)counted / Math.Max(1.0, (double)fires.A * fires.B), correlation);

    /// <summary>Tokens on which both fire, and the sum of the products of their activations.</summary>
    private static (long Together, double Products) Meet(Occurrences few, Occurrences many)
    {
        var (together, products, at) = (0L, 0.0, 0);
        for (var i = 0; i < few.Count && at < many.Count; i++)
        {
            at = Gallop(many.Places, at, few.Places[i]);
            if (at == many.Count || many.Places[at] != few.Places[i]) continue;
            together++;
            products += (double)few[i] * many[at];
        }
        return (together, products);
    }

    /// <summary>The first index from <paramref name="from"/> on whose place is not before <paramref name="place"/>.</summary>
    private static int Gallop(ReadOnlySpan<uint> places, int from, uint place)
    {
        var step = 1;
        while (from + step < places.Length && places[from + step] < place) step *= 2;
        var end = Math.Min(places.Length, from + step + 1);
        var index = places[from..end].BinarySearch(place);
        return from + (index < 0 ? ~index : index);
    }

    /// <summary>Sums of a latent's activations and of their squares, from the statistics that are stored.</summary>
    private static (double Sum, double Squares) Moments((SaeStore Store, int Latent) one)
    {
        var statistics = one.Store.Statistics(one.Latent);
        double fires = one.Store.Fires(one.Latent);
        return (fires * statistics[1], fires * statistics[2] * statistics[2]);
    }

    private static double Correlation(double n, double products, (double Sum, double Squares) a, (double Sum, double Squares) b)
    {
        var spread = Math.Sqrt((n * a.Squares - a.Sum * a.Sum) * (n * b.Squares - b.Sum * b.Sum));
        return spread == 0 ? 0 : (n * products - a.Sum * b.Sum) / spread;
    }
}
