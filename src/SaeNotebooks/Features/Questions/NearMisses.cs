namespace SaeNotebooks.Features.Questions;

/// <summary>Contexts in which a latent could be expected to fire, going by the token alone, and does not.</summary>
internal static class NearMisses
{
    private const int LikelyTokens = 10;

    public static IReadOnlyList<Example> Of(IndexedCorpus corpus, Occurrences occurrences, int count, ContextWindow window, int seed)
    {
        Sampling.RequireCount(count);
        var likely = VocabularyTokens.Tallies(corpus, occurrences, atLeast: 1).OrderByDescending(t => t.Fires).ThenBy(t => t.Id).Take(LikelyTokens).Select(t => t.Id).ToHashSet();
        var places = Places(corpus, occurrences, likely, window);
        List<Example> examples = [];
        foreach (var ordinal in Sampling.Ordinals(new Random(seed), places.Count, count)) examples.Add(Sampling.At(corpus, occurrences, places[ordinal], window));
        return examples;
    }

    /// <summary>Where such a token stands and the latent is silent all around.</summary>
    private static List<long> Places(IndexedCorpus corpus, Occurrences occurrences, HashSet<int> likely, ContextWindow window)
    {
        var wanted = new bool[corpus.Vocabulary];
        foreach (var id in likely.Where(id => id < wanted.Length)) wanted[id] = true;
        var ids = corpus.AllIds;
        var counted = corpus.AllCounted;
        List<long> places = [];
        var next = 0; // the first firing that is not before the place
        for (var place = 0; place < ids.Length; place++)
        {
            if ((uint)ids[place] >= (uint)wanted.Length || !wanted[ids[place]] || counted[place] == 0) continue;
            while (next < occurrences.Count && occurrences.Places[next] < place) next++;
            var (sequence, position) = corpus.PlaceOf(place);
            var first = place - Math.Min(position, window.Before);
            var end = Math.Min(corpus.EndOfSequence(sequence), place + window.After + 1L);
            var before = next > 0 && occurrences.Places[next - 1] >= first;
            var after = next < occurrences.Count && occurrences.Places[next] < end;
            if (!before && !after) places.Add(place);
        }
        return places;
    }
}
