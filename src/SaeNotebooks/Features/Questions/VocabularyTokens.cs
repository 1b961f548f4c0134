using SaeNotebooks.Features.Storage;

namespace SaeNotebooks.Features.Questions;

/// <summary>Latents and tokens of the vocabulary.</summary>
internal static class VocabularyTokens
{
    /// <summary>Firings of one latent on one token of the vocabulary.</summary>
    public readonly record struct Tally(int Id, long Occurrences, int Fires, double Sum)
    {
        public double Rate => (double)Fires / Occurrences;

        public double Mean => Sum / Occurrences;
    }

    public static IReadOnlyList<TokenRate> MostOften(IndexedCorpus corpus, IEnumerable<Tally> tokens, int count) =>
        Named(corpus, tokens.OrderByDescending(t => t.Rate).ThenByDescending(t => t.Fires).ThenBy(t => t.Id).Take(count));

    public static IReadOnlyList<TokenRate> Strongest(IndexedCorpus corpus, IEnumerable<Tally> tokens, int count) =>
        Named(corpus, tokens.OrderByDescending(t => t.Mean).ThenBy(t => t.Id).Take(count));

    /// <summary>All tokens on which a latent fires.</summary>
    /// <param name="corpus">the text</param>
    /// <param name="occurrences">the latent's</param>
    /// <param name="atLeast">leaves out tokens that occur more seldom</param>
    public static IReadOnlyList<Tally> Tallies(IndexedCorpus corpus, Occurrences occurrences, int atLeast)
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
        return [.. found.Select(id => new Tally(id, corpus.OccurrencesOf(id), fires[id], sums[id])).Where(t => t.Occurrences >= atLeast)];
    }

    /// <summary>Latents whose rate on a token exceeds their rate at large by most.</summary>
    public static IReadOnlyList<LatentOnToken> Latents(SaeIndex index, SaeStore store, int token, int count)
    {
        var corpus = index.Corpus;
        var places = Places(corpus, token);
        if (places.Count == 0) return [];
        var fires = new int[index.Width];
        foreach (var place in places) store.Add(place, 1, fires.AsSpan());
        return [.. fires.Index().Where(f => f.Item > 0)
            .Select(f => (Latent: f.Index, Fires: f.Item, There: (double)f.Item / places.Count, Rate: (double)store.Fires(f.Index) / corpus.Counted))
            .OrderByDescending(f => f.There - f.Rate).ThenBy(f => f.Latent).Take(count)
            .Select(f => new LatentOnToken(f.Latent, f.Fires, f.There, f.Rate, Sum(store.Occurrences(f.Latent), places) / places.Count))];
    }

    private static IReadOnlyList<TokenRate> Named(IndexedCorpus corpus, IEnumerable<Tally> tokens) =>
        [.. tokens.Select(t => new TokenRate(new(t.Id, corpus.TextOf(t.Id)), t.Occurrences, t.Fires, t.Rate, t.Mean))];

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
