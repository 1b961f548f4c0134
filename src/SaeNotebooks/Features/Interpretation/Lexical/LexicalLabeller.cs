namespace SaeNotebooks.Features.Interpretation.Lexical;

/// <summary>
/// The offline baseline of automated interpretation: says of a latent on which tokens, in which language and in which task it fires, and how well
/// that tells its firing on text that the rule was not found on. Deterministic; needs no language model. Safe for several threads.
/// </summary>
public sealed class LexicalLabeller
{
    private const int Controls = 3;

    private readonly LexicalCorpus _corpus;
    private readonly LexicalSearch _search;
    private readonly LexicalOptions _options;

    /// <summary>Reads the text of an index once; every label after that takes milliseconds.</summary>
    /// <param name="corpus">the text</param>
    /// <param name="options">how rules are searched</param>
    public LexicalLabeller(IndexedCorpus corpus, LexicalOptions? options = null) : this(LexicalCorpus.Of(corpus), options) { }

    internal LexicalLabeller(LexicalCorpus corpus, LexicalOptions? options = null)
    {
        (_corpus, _options) = (corpus, options ?? new());
        _search = new(corpus, _options.MostTokens);
    }

    /// <summary>Labels a latent.</summary>
    /// <param name="index">its SAE on the text that this labeller was made with</param>
    /// <param name="latent">from 0</param>
    /// <returns>a label; it says so where the latent fires too rarely to have one</returns>
    public LatentLabel Label(SaeIndex index, int latent)
    {
        var places = index.Occurrences(latent).Places;
        var firings = new int[places.Length];
        for (var i = 0; i < firings.Length; i++) firings[i] = (int)places[i];
        return Label(latent, firings);
    }

    /// <summary>Labels all latents of an SAE.</summary>
    /// <param name="index">the SAE on the text that this labeller was made with</param>
    /// <param name="cancellation">gives up</param>
    public LatentLabels Label(SaeIndex index, CancellationToken cancellation = default)
    {
        using var progress = Progress.Start($"Labelling the latents of {index.Name}", index.Width, "latents", cancellation: cancellation);
        var labels = new LatentLabel[index.Width];
        var done = 0;
        Parallel.For(0, index.Width, new ParallelOptions { CancellationToken = progress.Cancellation }, latent =>
        {
            labels[latent] = Label(index, latent);
            progress.Report(Interlocked.Increment(ref done));
        });
        return LatentLabels.Of(index, labels);
    }

    /// <summary>Labels a latent.</summary>
    /// <param name="latent">its number, for the label</param>
    /// <param name="firings">places where it fires; each must be one that counts</param>
    internal LatentLabel Label(int latent, int[] firings)
    {
        if (firings.Length == 0) return new(latent, "never fires on this corpus", LatentLabel.Lexical, 0, []);
        if (Enough(firings) is { } reason) return new(latent, reason, LatentLabel.Lexical, firings.Length, []);
        if (_search.Find(firings) is not { } rule)
            return new(latent, "no token, language or task tells where it fires", LatentLabel.Lexical, firings.Length, []);
        var controls = Enumerable.Range(0, Controls).Select(i => Control(latent, firings, i)).OfType<double>().ToArray();
        return new(latent, rule.Text(_corpus), LatentLabel.Lexical, firings.Length,
            [new("lexical", HeldOut(rule, firings), controls.Length == 0 ? null : controls.Average())]);
    }

    /// <summary>Null if there are firings enough to find a rule and to test it; else why not.</summary>
    private string? Enough(int[] firings)
    {
        var train = firings.Count(p => _corpus.HalfOf(p) == CorpusHalf.Train);
        return train >= _options.LeastFirings && firings.Length - train >= _options.LeastFirings ? null
            : $"fires too rarely to be labelled ({firings.Length} times)";
    }

    /// <summary>Balanced accuracy of a rule on the half that it was not found on.</summary>
    private double HeldOut(LexicalRule rule, int[] firings)
    {
        int[] held = [.. firings.Where(p => _corpus.HalfOf(p) == CorpusHalf.HeldOut)];
        var counts = _corpus.Counts(rule.Where, rule.At)[(int)CorpusHalf.HeldOut];
        var picked = rule.Tokens is null ? _corpus.Size(rule.Where, CorpusHalf.HeldOut) : rule.Tokens.Sum(t => counts[t]);
        return LexicalSearch.BalancedAccuracy(held.Count(p => rule.Fires(_corpus, p)), picked, held.Length, _corpus.Sizes[(int)CorpusHalf.HeldOut]);
    }

    /// <summary>The same search and test after the firings were moved to other text.</summary>
    private double? Control(int latent, int[] firings, int draw)
    {
        var random = new Random(HashCode(_options.Seed, latent, draw));
        var moved = _corpus.Rotated(firings, random.Next(_corpus.Counted / 10, _corpus.Counted - _corpus.Counted / 10));
        return Enough(moved) is null && _search.Find(moved) is { } rule ? HeldOut(rule, moved) : null;
    }

    // System.HashCode differs from run to run.
    private static int HashCode(int seed, int latent, int draw) => unchecked(seed * 1_000_003 + latent * 31 + draw);
}

/// <summary>How the lexical baseline searches.</summary>
public sealed record LexicalOptions
{
    /// <summary>Most tokens in a label.</summary>
    public int MostTokens { get; init; } = 8;

    /// <summary>Latents that fire less often on either half of the corpus are not labelled.</summary>
    public int LeastFirings { get; init; } = 5;

    /// <summary>Seed of the shuffled control.</summary>
    public int Seed { get; init; } = 1;
}
