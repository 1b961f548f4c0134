using SaeNotebooks.Features.Storage;

namespace SaeNotebooks.Features.Questions;

/// <summary>Which latents fire on the same tokens. A shortlist is counted on a sample of the latent's firings; what is told of its members is exact.</summary>
internal static class Pairs
{
    private const int Sample = 20_000, ShortlistPerAnswer = 4, LeastShortlist = 40;

    public static IReadOnlyList<LatentPair> Of(IndexedCorpus corpus, (SaeStore Store, int Latent) one, SaeStore other, int count)
    {
        Sampling.RequireCount(count);
        var occurrences = one.Store.Occurrences(one.Latent);
        List<LatentPair> pairs = [];
        foreach (var candidate in Shortlist(occurrences, other, one.Store == other ? one.Latent : -1, Math.Max(LeastShortlist, ShortlistPerAnswer * count)))
            pairs.Add(Exact(corpus, occurrences, other.Occurrences(candidate), candidate));
        return [.. pairs.OrderByDescending(p => p.Correlation).ThenBy(p => p.Latent).Take(count)];
    }

    /// <summary>Latents with the largest n(ab) / √(n(a) n(b)), as a sample tells.</summary>
    private static IEnumerable<int> Shortlist(Occurrences occurrences, SaeStore other, int itself, int length)
    {
        var together = new int[other.Sae.Width];
        var step = Math.Max(1, occurrences.Count / Sample);
        for (var i = 0; i < occurrences.Count; i += step) other.Count(occurrences.Places[i], together);
        return together.Index().Where(t => t.Item > 0 && t.Index != itself)
            .Select(t => (Latent: t.Index, Share: t.Item / Math.Sqrt(other.Fires(t.Index))))
            .OrderByDescending(t => t.Share).ThenBy(t => t.Latent).Take(length).Select(t => t.Latent).ToList();
    }

    public static LatentPair Exact(IndexedCorpus corpus, Occurrences a, Occurrences b, int latent)
    {
        var few = a.Count <= b.Count ? a : b;
        var many = a.Count <= b.Count ? b : a;
        long together = 0;
        var products = 0.0;
        var at = 0;
        for (var i = 0; i < few.Count && at < many.Count; i++)
        {
            at = Gallop(many.Places, at, few.Places[i]);
            if (at == many.Count || many.Places[at] != few.Places[i]) continue;
            together++;
            products += (double)few[i] * many[at];
        }
        double n = corpus.Counted;
        return new(latent, together, together / Math.Max(1.0, (long)a.Count + b.Count - together), together * n / Math.Max(1.0, (double)a.Count * b.Count), Correlation(n, products, Moments(a), Moments(b)));
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

    private static (double Sum, double Squares) Moments(Occurrences occurrences)
    {
        var (sum, squares) = (0.0, 0.0);
        for (var i = 0; i < occurrences.Count; i++)
        {
            double value = occurrences[i];
            sum += value;
            squares += value * value;
        }
        return (sum, squares);
    }

    private static double Correlation(double n, double products, (double Sum, double Squares) a, (double Sum, double Squares) b)
    {
        var spread = Math.Sqrt((n * a.Squares - a.Sum * a.Sum) * (n * b.Squares - b.Sum * b.Sum));
        return spread == 0 ? 0 : (n * products - a.Sum * b.Sum) / spread;
    }
}
