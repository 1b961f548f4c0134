using SaeNotebooks.Features.Questions;
using SaeNotebooks.Features.Storage;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using static TorchSharp.torch;

namespace SaeNotebooks.Features;

/// <summary>What the latents of one SAE do on the corpus of a <see cref="FeatureIndex"/>: each call answers one question. Safe for several threads.</summary>
public sealed class SaeIndex
{
    private readonly SaeStore _store;
    private readonly Lazy<IReadOnlyList<float>> _rates;

    internal SaeIndex(FeatureIndex index, SaeStore store, Sae? sae, HookedTransformer? model)
    {
        (Index, _store, Sae, Model, Hook) = (index, store, sae, model, HookName.Parse(store.Sae.Hook));
        _rates = new(() => [.. Enumerable.Range(0, Width).Select(latent => (float)((double)_store.Fires(latent) / Math.Max(1, Corpus.Counted)))]);
    }

    /// <summary>The index that it belongs to.</summary>
    public FeatureIndex Index { get; }

    /// <summary>The text.</summary>
    public IndexedCorpus Corpus => Index.Corpus;

    /// <summary>The SAE's name in the index: that of its hook, unless several SAEs read the same.</summary>
    public string Name => _store.Sae.Name;

    /// <summary>The hook that the SAE reads.</summary>
    public HookName Hook { get; }

    /// <summary>Latents.</summary>
    public int Width => _store.Sae.Width;

    /// <summary>The SAE; null if the index was asked without it.</summary>
    public Sae? Sae { get; }

    /// <summary>The model; null if the index was asked without it.</summary>
    public HookedTransformer? Model { get; }

    /// <summary>By latent, the share of tokens on which it fires.</summary>
    public IReadOnlyList<float> Rates => _rates.Value;

    /// <summary>Numbers of one latent, which were computed when the index was made.</summary>
    /// <exception cref="ArgumentOutOfRangeException">no such latent; so in every call that takes one</exception>
    public LatentStatistics Statistics(int latent)
    {
        Require(latent);
        return LatentStatistics.Of(latent, _store.Fires(latent), Corpus.Counted, _store.Statistics(latent));
    }

    /// <summary>Where a latent fires, in the order of the corpus.</summary>
    public Occurrences Occurrences(int latent)
    {
        Require(latent);
        return _store.Occurrences(latent);
    }

    /// <summary>Its activations where it fires, in bins of equal width from 0 to the strongest.</summary>
    public ActivationHistogram Histogram(int latent, int bins = 40) => Ranges.Histogram(Occurrences(latent), bins);

    /// <summary>How often and how strongly it fires by language, task, role and position, as far as the corpus is labelled.</summary>
    public IReadOnlyList<LabelProfile> Profile(int latent)
    {
        Require(latent);
        return Profiles.Of(_store, Corpus, latent);
    }

    /// <summary>Where it fires most strongly, at most one example per sequence; ties in the order of the corpus.</summary>
    public IReadOnlyList<Example> Top(int latent, int count = 20, ContextWindow? window = null) => Sampling.Top(Corpus, Occurrences(latent), count, Or(window));

    /// <summary>Examples from parts of equal width of the range from 0 to its strongest activation, the strongest part first.</summary>
    public IReadOnlyList<ExampleBand> ByInterval(int latent, int bands = 10, int each = 5, ContextWindow? window = null, int seed = 0) =>
        Sampling.Bands(Corpus, Occurrences(latent), Ranges.EqualWidths(Occurrences(latent), bands), each, Or(window), seed);

    /// <summary>Examples from parts of its range in which it fires equally often, as nearly as equal activations let them be divided; the strongest part
    /// first.</summary>
    public IReadOnlyList<ExampleBand> ByQuantile(int latent, int bands = 5, int each = 5, ContextWindow? window = null, int seed = 0) =>
        Sampling.Bands(Corpus, Occurrences(latent), Ranges.EqualCounts(Occurrences(latent), bands), each, Or(window), seed);

    /// <summary>Examples drawn at random from all its firings, in the order of the corpus.</summary>
    public IReadOnlyList<Example> Random(int latent, int count = 20, int seed = 0, ContextWindow? window = null) =>
        Sampling.Random(Corpus, Occurrences(latent), count, Or(window), seed);

    /// <summary>Tokens like those on which it fires most often, in contexts in which it is silent throughout.</summary>
    public IReadOnlyList<Example> NearMisses(int latent, int count = 20, int seed = 0, ContextWindow? window = null) =>
        Questions.NearMisses.Of(Corpus, Occurrences(latent), count, Or(window), seed);

    /// <summary>Tokens of the vocabulary on which it fires most often; ties by how often, then by id.</summary>
    /// <param name="latent">the latent</param>
    /// <param name="count">how many tokens</param>
    /// <param name="atLeast">leaves out tokens that occur more seldom</param>
    public IReadOnlyList<TokenRate> TokensByRate(int latent, int count = 20, int atLeast = 5) =>
        VocabularyTokens.MostOften(Corpus, VocabularyTokens.Tallies(Corpus, Occurrences(latent), atLeast), count);

    /// <summary>Tokens of the vocabulary on which its mean activation is largest, occurrences on which it is silent included.</summary>
    /// <inheritdoc cref="TokensByRate"/>
    public IReadOnlyList<TokenRate> TokensByMean(int latent, int count = 20, int atLeast = 5) =>
        VocabularyTokens.Strongest(Corpus, VocabularyTokens.Tallies(Corpus, Occurrences(latent), atLeast), count);

    /// <summary>Latents that fire on a token of the vocabulary, those first whose rate there exceeds their rate at large by most.</summary>
    public IReadOnlyList<LatentOnToken> LatentsByToken(int token, int count = 20) => VocabularyTokens.Latents(this, _store, token, count);

    /// <summary>Latents that fire on each token of a text, and how unusual that is.</summary>
    /// <param name="text">run through the model; BOS as its tokenizer says</param>
    /// <param name="perToken">latents for each token, the most unusual</param>
    /// <exception cref="InvalidOperationException">the index was asked without model and SAE</exception>
    public IReadOnlyList<TokenLatents> LatentsOf(string text, int perToken = 10) => TextLatents.Of(this, text, perToken);

    /// <summary>Latents of this SAE that fire on the same tokens, by correlation.</summary>
    public IReadOnlyList<LatentPair> CoActive(int latent, int count = 10)
    {
        Require(latent);
        return count <= _store.Sae.Facts ? Pairs.Stored(Corpus.Counted, _store, latent, count) : Pairs.Of(Corpus.Counted, (_store, latent), _store, count);
    }

    /// <summary>Latents of another SAE of the same index, at another layer or of another size, that fire on the same tokens, by correlation.</summary>
    /// <exception cref="ArgumentException">the other belongs to another index</exception>
    public IReadOnlyList<LatentMatch> SameConcept(int latent, SaeIndex other, int count = 5)
    {
        Require(latent);
        if (other.Index != Index) throw new ArgumentException("The two SAEs are in different indexes, whose texts need not be the same; harvest both in one pass.", nameof(other));
        return [.. Pairs.Of(Corpus.Counted, (_store, latent), other._store, count).Select(pair => new LatentMatch(other.Name, pair, Directions.Cosine(Sae, latent, other.Sae, pair.Latent)))];
    }

    /// <summary>Latents whose decoder directions are nearest to that of a latent, without itself.</summary>
    /// <exception cref="InvalidOperationException">more than are stored, and the index was asked without the SAE</exception>
    public IReadOnlyList<LatentCosine> Nearest(int latent, int count = 10)
    {
        Require(latent);
        if (count > _store.Sae.Facts) return Directions.Nearest(Bound(), latent, count);
        var (latents, cosines) = _store.Neighbours(latent);
        return [.. latents.Zip(cosines, (other, cosine) => new LatentCosine(other, cosine)).Where(n => n.Latent >= 0).Take(count)];
    }

    /// <summary>Latents whose decoder directions are nearest to any direction.</summary>
    /// <param name="direction">[d_out]</param>
    /// <param name="count">how many</param>
    /// <exception cref="InvalidOperationException">the index was asked without the SAE</exception>
    public IReadOnlyList<LatentCosine> Nearest(Tensor direction, int count = 10) => Directions.Nearest(Bound(), direction, count);

    /// <summary>Output tokens that a latent's direction promotes and suppresses; null of an SAE whose output is not of the residual stream's width.</summary>
    /// <exception cref="InvalidOperationException">more than are stored, and the index was asked without model and SAE</exception>
    public LogitWeights? Logits(int latent, int count = 10)
    {
        Require(latent);
        if (count > _store.Sae.Facts) return Directions.Logits(Bound(), Model ?? throw Unbound(), latent, count);
        var (tokens, weights) = _store.Logits(latent);
        TokenWeight At(int i) => new(new(tokens[i], Corpus.TextOf(tokens[i])), weights[i]);
        return tokens[0] < 0 ? null : new([.. Enumerable.Range(0, count).Select(At)], [.. Enumerable.Range(_store.Sae.Facts, count).Select(At)]);
    }

    /// <summary>Everything about a latent that a dashboard shows.</summary>
    public LatentReport Report(int latent, ReportOptions? options = null)
    {
        Require(latent);
        var o = options ?? new();
        _store.ReadAhead(latent);
        Corpus.ReadAhead(Occurrences(latent).Places);
        var tokens = VocabularyTokens.Tallies(Corpus, Occurrences(latent), atLeast: 5);
        return new(latent, Statistics(latent), Histogram(latent, o.Bins), Top(latent, o.Top, o.Window), ByInterval(latent, o.Intervals, o.PerInterval, o.Window),
            VocabularyTokens.MostOften(Corpus, tokens, o.Rows), VocabularyTokens.Strongest(Corpus, tokens, o.Rows), Profile(latent), CoActive(latent, o.Rows), Nearest(latent, o.Rows), Logits(latent, o.Rows));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{_store.Sae.Architecture} SAE at {Hook}, {Width} latents, on {Corpus.Tokens:N0} tokens of {Index.Header.Corpus}";

    internal void Require(int latent)
    {
        if ((uint)latent >= (uint)Width) throw new ArgumentOutOfRangeException(nameof(latent), latent, $"The SAE at {Hook} has latents 0 to {Width - 1}.");
    }

    internal (Sae Sae, HookedTransformer Model) BothBound() => (Bound(), Model ?? throw Unbound());

    private Sae Bound() => Sae ?? throw Unbound();

    private static InvalidOperationException Unbound() => new("This needs the SAE and the model, and the index was asked without them; ask FeatureIndex.Of(sae, model).");

    private static ContextWindow Or(ContextWindow? window) => window ?? ContextWindow.Default;
}
