using System.Text.Json.Serialization;
using SaeNotebooks.Training.Corpus;

namespace SaeNotebooks.Translation.Selection;

/// <summary>How examples are chosen from a pool; S0 to S3 are the paper's (Wu et al. 2026).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Strategy>))]
public enum Strategy
{
    /// <summary>S0: at random.</summary>
    Random,

    /// <summary>S1: the highest quality.</summary>
    Quality,

    /// <summary>S2: good enough, then the highest loss.</summary>
    Loss,

    /// <summary>S3, the paper's method: good enough, then the lowest activation of the latents.</summary>
    LeastActive,

    /// <summary>S3 the other way round, as the follow-up has it (Shi et al. 2026): good enough, then the highest activation.</summary>
    MostActive,

    /// <summary>Good enough, then at random: what the gate does by itself.</summary>
    GateAlone,

    /// <summary>Good enough, then at random, with as many examples into each language as <see cref="LeastActive"/> takes: what its mix of languages does by itself.</summary>
    SameLanguages,
}

/// <summary>Orders a pool by a strategy.</summary>
public static class Strategies
{
    /// <summary>What tables and charts call a strategy, such as <c>S3 least active</c>.</summary>
    public static string Name(Strategy strategy) => strategy switch
    {
        Strategy.Random => "S0 random",
        Strategy.Quality => "S1 quality",
        Strategy.Loss => "S2 high loss",
        Strategy.LeastActive => "S3 least active",
        Strategy.MostActive => "S3 reversed",
        Strategy.GateAlone => "gate alone",
        Strategy.SameLanguages => "S3's languages",
        _ => throw new ArgumentOutOfRangeException(nameof(strategy), strategy, "There is no such strategy."),
    };

    /// <summary>The examples that a budget takes, best first.</summary>
    /// <param name="strategy">the strategy</param>
    /// <param name="scores">one for each example</param>
    /// <param name="count">how many to take</param>
    /// <param name="gate">quality from which an example is good enough; where more are wanted than are good enough, the best of the others follow</param>
    /// <param name="seed">of what is random, and of ties</param>
    /// <returns>indices into the pool</returns>
    /// <exception cref="ArgumentOutOfRangeException">more are wanted than there are</exception>
    /// <exception cref="ArgumentException">a score is not a number: it has no place in an order, and would come first</exception>
    public static IReadOnlyList<int> Select(Strategy strategy, IReadOnlyList<PoolScore> scores, int count, double gate, ulong seed)
    {
        if (count < 1 || count > scores.Count)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"Between 1 and {scores.Count} examples can be selected from this pool.");
        foreach (var (i, score) in scores.Index())
            if (score.NotANumber is { } name) throw new ArgumentException($"Example {i} of the pool has no number for its {name}; leave it out, or score it anew.", nameof(scores));
        if (strategy == Strategy.SameLanguages) return InLanguagesOf(Select(Strategy.LeastActive, scores, count, gate, seed), Select(Strategy.GateAlone, scores, scores.Count, gate, seed), scores);
        var rng = new Rng(seed);
        var chance = scores.Select(_ => rng.NextDouble()).ToArray();
        double Rank(int i) => strategy switch
        {
            Strategy.Random or Strategy.GateAlone => chance[i],
            Strategy.Quality => -scores[i].Quality,
            Strategy.Loss => -scores[i].TargetPerplexity,
            Strategy.LeastActive => scores[i].Activation,
            Strategy.MostActive => -scores[i].Activation,
            _ => throw new ArgumentOutOfRangeException(nameof(strategy), strategy, "There is no such strategy."),
        };
        var gated = strategy is not (Strategy.Random or Strategy.Quality);
        return
        [
            .. Enumerable.Range(0, scores.Count)
                .OrderBy(i => gated && scores[i].Quality < gate)
                .ThenBy(i => gated && scores[i].Quality < gate ? -scores[i].Quality : Rank(i))
                .ThenBy(i => chance[i]).Take(count),
        ];
    }

    /// <summary>The first of some candidates, as many into each language as there are in a selection.</summary>
    private static IReadOnlyList<int> InLanguagesOf(IReadOnlyList<int> selection, IReadOnlyList<int> candidates, IReadOnlyList<PoolScore> scores)
    {
        var wanted = selection.CountBy(i => scores[i].Target).ToDictionary();
        return
        [
            .. candidates.Index().GroupBy(c => scores[c.Item].Target).SelectMany(language => language.Take(wanted.GetValueOrDefault(language.Key)))
                .OrderBy(c => c.Index).Select(c => c.Item),
        ];
    }
}
