namespace SaeNotebooks.Features.Interpretation.Lexical;

/// <summary>
/// Finds the rule that best tells where a latent fires on the training half: among tokens, tokens before, labels, pairs of labels, and tokens
/// within the best of these. What counts is balanced accuracy, a little precision, and a price for length. For a set of tokens the choice of
/// best balanced accuracy is exact: those that hold a larger share of the firings than of the silent tokens.
/// </summary>
internal sealed class LexicalSearch(LexicalCorpus corpus, int mostTokens)
{
    // In balanced accuracy. A longer rule has to be better by as much, or it is noise and reads worse.
    private const double PricePerToken = 0.003, PricePerLabel = 0.006;

    // Balanced accuracy hardly minds that a rare latent is said to fire on all of a word's occurrences where it fires on some; a reader does.
    private const double Precision = 0.05;
    private const int BestScopes = 2, LeastFires = 2;

    private readonly LabelValue[] _labels = [.. corpus.Kinds.Index().SelectMany(k => Enumerable.Range(0, k.Item.Values.Count).Select(v => new LabelValue(k.Index, v)))];

    /// <summary>The best rule; null if the latent never fires on the training half, or always.</summary>
    /// <param name="firings">places where the latent fires, each of which counts</param>
    public LexicalRule? Find(int[] firings)
    {
        int[] train = [.. firings.Where(p => corpus.HalfOf(p) == CorpusHalf.Train)];
        if (train.Length == 0 || train.Length == corpus.Sizes[0]) return null;
        var scopes = Scopes(train).OrderByDescending(s => s.Worth).ToList();
        var candidates = scopes.Select(s => (s.Worth, Rule: new LexicalRule(s.Where, Offset.Current, null))).ToList();
        foreach (var where in scopes.Take(BestScopes).Select(s => s.Where).Prepend(new Scope()))
            foreach (var offset in new[] { Offset.Current, Offset.Previous })
                if (Tokens(train, where, offset) is { } found) candidates.Add(found);
        return candidates.Count == 0 ? null : candidates.MaxBy(c => c.Worth).Rule;
    }

    /// <summary>Single labels and pairs of labels of different kinds, each with its worth.</summary>
    private IEnumerable<(double Worth, Scope Where)> Scopes(int[] train)
    {
        var hits = corpus.ByScope(train);
        for (var first = 0; first < _labels.Length; first++)
            for (var second = first; second < _labels.Length; second++)
            {
                if (second > first && _labels[second].Kind == _labels[first].Kind) continue;
                var where = second == first ? new Scope(_labels[first]) : new(_labels[first], _labels[second]);
                if (hits[corpus.IndexOf(where)] is > 0 and var hit)
                    yield return (Worth(hit, corpus.Size(where, CorpusHalf.Train), train.Length) - PricePerLabel * where.Count, where);
            }
    }

    private double Worth(int hits, int picked, int positives) =>
        BalancedAccuracy(hits, picked, positives, corpus.Sizes[0]) + (picked == 0 ? 0 : Precision * hits / picked);

    /// <summary>The best set of tokens within a scope.</summary>
    private (double Worth, LexicalRule Rule)? Tokens(int[] train, Scope where, Offset offset)
    {
        var fires = new Dictionary<int, int>();
        foreach (var place in train)
            if (corpus.IsIn(place, where) && corpus.TokenAt(place, offset) is var token and not LexicalCorpus.NoToken) fires[token] = fires.GetValueOrDefault(token) + 1;
        var occurrences = corpus.Counts(where, offset)[(int)CorpusHalf.Train];
        double positives = train.Length, negatives = corpus.Sizes[0] - train.Length;
        var best = fires.Where(f => f.Value >= LeastFires).Select(f => (Token: f.Key, Gain: (f.Value / positives - (occurrences[f.Key] - f.Value) / negatives) / 2))
            .Where(g => g.Gain > PricePerToken).OrderByDescending(g => g.Gain).ThenBy(g => g.Token).Take(mostTokens).ToArray();
        if (best.Length == 0) return null;
        var (hits, picked) = (best.Sum(g => fires[g.Token]), best.Sum(g => occurrences[g.Token]));
        var worth = Worth(hits, picked, train.Length) - PricePerToken * best.Length - PricePerLabel * where.Count;
        return (worth, new(where, offset, [.. best.Select(g => g.Token)]));
    }

    /// <summary>Mean of the share of firings that a rule picks and the share of silent tokens that it leaves.</summary>
    /// <param name="hits">firings that it picks</param>
    /// <param name="picked">tokens that it picks</param>
    /// <param name="positives">firings</param>
    /// <param name="size">tokens</param>
    public static double BalancedAccuracy(int hits, int picked, int positives, int size) =>
        (hits / (double)positives + 1 - (picked - hits) / (double)(size - positives)) / 2;
}
