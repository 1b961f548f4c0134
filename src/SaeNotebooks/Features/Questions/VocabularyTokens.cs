using SaeNotebooks.Features.Storage;

namespace SaeNotebooks.Features.Questions;

/// <summary>Latents and tokens of the vocabulary.</summary>
internal static class VocabularyTokens
{
    public static IReadOnlyList<TokenRate> ByRate(IndexedCorpus corpus, Occurrences occurrences, int count, int atLeast) => MostOften(Rates(corpus, occurrences, atLeast), count);

    public static IReadOnlyList<TokenRate> ByMean(IndexedCorpus corpus, Occurrences occurrences, int count, int atLeast) => Strongest(Rates(corpus, occurrences, atLeast), count);

    public static IReadOnlyList<TokenRate> MostOften(IEnumerable<TokenRate> tokens, int count) =>
        [.. tokens.OrderByDescending(t => t.Rate).ThenByDescending(t => t.Fires).ThenBy(t => t.Token.Id).Take(count)];

    public static IReadOnlyList<TokenRate> Strongest(IEnumerable<TokenRate> tokens, int count) => [.. tokens.OrderByDescending(t => t.Mean).ThenBy(t => t.Token.Id).Take(count)];

    public static IReadOnlyList<TokenRate> MostFires(IEnumerable<TokenRate> tokens, int count) => [.. tokens.OrderByDescending(t => t.Fires).ThenBy(t => t.Token.Id).Take(count)];

    /// <summary>All tokens on which a latent fires.</summary>
    public static IReadOnlyList<TokenRate> Rates(IndexedCorpus corpus, Occurrences occurrences, int atLeast)
    {
        var ids = corpus.AllIds;
        var (fires, sums) = (new int[corpus.Vocabulary], new double[corpus.Vocabulary]);
        List<int> found = [];
        for (var i = 0; i < occurrences.Count; i++)
        {
            var id = ids[(int)occurrences.Places[i]];
            if (fires[id]++ == 0) found.Add(id);
            sums[id] += occurrences[i];
        }
        return [.. found.Where(id => corpus.OccurrencesOf(id) >= atLeast).Select(id =>
            new TokenRate(new(id, corpus.TextOf(id)), corpus.OccurrencesOf(id), fires[id], (double)fires[id] / corpus.OccurrencesOf(id), sums[id] / corpus.OccurrencesOf(id)))];
    }

    /// <summary>Latents whose rate on a token exceeds their rate at large by most.</summary>
    public static IReadOnlyList<LatentOnToken> Latents(SaeIndex index, SaeStore store, int token, int count)
    {
        var corpus = index.Corpus;
        var places = Places(corpus, token);
        if (places.Count == 0) return [];
        var fires = new int[index.Width];
        foreach (var place in places) store.Count(place, fires);
        return [.. fires.Index().Where(f => f.Item > 0)
            .Select(f => (Latent: f.Index, Fires: f.Item, There: (double)f.Item / places.Count, Rate: (double)store.Fires(f.Index) / corpus.Counted))
            .OrderByDescending(f => f.There - f.Rate).ThenBy(f => f.Latent).Take(count)
            .Select(f => new LatentOnToken(f.Latent, f.Fires, f.There, f.Rate, Sum(store.Occurrences(f.Latent), places) / places.Count))];
    }

    private static List<long> Places(IndexedCorpus corpus, int token)
    {
        var ids = corpus.AllIds;
        var counted = corpus.AllCounted;
        List<long> places = [];
        for (var at = 0; ids[at..].IndexOf(token) is >= 0 and var step; at += step + 1)
            if (counted[at + step] != 0) places.Add(at + step);
        return places;
    }

    private static double Sum(Occurrences occurrences, List<long> places)
    {
        var sum = 0.0;
        foreach (var place in places) sum += occurrences.At(place);
        return sum;
    }
}
