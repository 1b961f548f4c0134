namespace SaeNotebooks.Translation.Selection;

/// <summary>Selects training examples from a scored pool by the paper's strategies (Wu et al. 2026) and the follow-up's reverse.</summary>
public sealed class PoolSelection
{
    private readonly IReadOnlyList<PoolScore> _scores;
    private readonly SelectionRule _rule;
    private readonly bool _hasComet;

    /// <param name="pairs">the scored examples</param>
    /// <param name="rule">how they are compared</param>
    /// <exception cref="ArgumentException">no example has numbers for all of its scores, or none has a loss of the kind that is asked for</exception>
    public PoolSelection(IReadOnlyList<ScoredPair> pairs, SelectionRule rule)
    {
        _rule = rule;
        if (rule.Loss == LossOver.Target && pairs.Count > 0 && pairs.All(p => p.TargetPpl is null))
            throw new ArgumentException("The scores have no perplexity of the translations alone, as those of the authors' script have none; let S2 take the loss over the whole text.", nameof(pairs));
        _hasComet = pairs.Any(p => p.Comet is not null);
        var problems = pairs.Select(Problem).ToList();
        Pairs = [.. pairs.Zip(problems).Where(p => p.Second is null).Select(p => p.First)];
        LeftOut = [.. pairs.Zip(problems).Index().Where(p => p.Item.Second is not null).Select(p => $"example {p.Index}{(p.Item.First.Line is { } line ? $" (line {line})" : "")} has no number for its {p.Item.Second}")];
        if (Pairs.Count == 0) throw new ArgumentException($"No example can be selected: {(LeftOut.Count > 0 ? LeftOut[0] : "there is none")}.", nameof(pairs));
        Threshold = _hasComet ? rule.Gate.Threshold([.. Pairs.Select(p => p.Comet!.Value)]) : double.NegativeInfinity;
        _scores = Scores();
    }

    /// <summary>The examples that can be selected.</summary>
    public IReadOnlyList<ScoredPair> Pairs { get; }

    /// <summary>The others, and what each lacks; whoever selects says so. An example without a number has no place in an order.</summary>
    public IReadOnlyList<string> LeftOut { get; }

    /// <summary>The COMET score from which an example is good enough; −∞ without a gate.</summary>
    public double Threshold { get; }

    /// <summary>How many examples are good enough.</summary>
    public int GoodEnough => _scores.Count(s => s.Quality >= Threshold);

    /// <summary>The number by which latents order an example.</summary>
    public double Activation(int example) => _scores[example].Activation;

    /// <summary>The examples that a budget takes, best first.</summary>
    /// <param name="strategy">the strategy; all but random choice need COMET, unless there is no gate and the strategy does not order by it</param>
    /// <param name="budget">share of the examples that can be selected, above 0 and at most 1; at least one example is taken</param>
    /// <param name="seed">of what is random, and of ties</param>
    /// <returns>indices into <see cref="Pairs"/></returns>
    /// <exception cref="ArgumentException">the budget is no such share, or the pool has no COMET and the strategy needs it</exception>
    public IReadOnlyList<int> Select(Strategy strategy, double budget, ulong seed)
    {
        if (!(budget is > 0 and <= 1)) throw new ArgumentException($"The budget is {budget}; it must be above 0 and at most 1.", nameof(budget));
        if (!_hasComet && (strategy == Strategy.Quality || (strategy != Strategy.Random && !_rule.Gate.IsOpen)))
            throw new ArgumentException($"{Strategies.Name(strategy)} needs COMET, and the pool has none: put it into the third column, or select without a gate.", nameof(strategy));
        return Strategies.Select(strategy, _scores, Math.Max(1, (int)Math.Round(budget * _scores.Count)), Threshold, seed);
    }

    private List<PoolScore> Scores()
    {
        var largest = Pairs[0].SaeActivations.Keys.ToDictionary(key => key, key => Pairs.Max(p => p.SaeActivations[key]!.Value));
        double Aggregated(ScoredPair pair) => _rule.Aggregation switch
        {
            Aggregation.Sum => pair.SaeActivations.Values.Sum(a => a!.Value),
            Aggregation.Max => pair.SaeActivations.Values.Max(a => a!.Value),
            Aggregation.SumOfShares => pair.SaeActivations.Sum(a => largest[a.Key] > 0 ? a.Value!.Value / largest[a.Key] : 0), // a latent that never fires says nothing
            _ => throw new ArgumentOutOfRangeException(nameof(pair), _rule.Aggregation, "There is no such aggregation."),
        };
        return [.. Pairs.Select(p => new PoolScore(p.Comet ?? 0, p.Ppl!.Value, Loss(p)!.Value, Aggregated(p)))];
    }

    private double? Loss(ScoredPair pair) => _rule.Loss == LossOver.Text ? pair.Ppl : pair.TargetPpl;

    private string? Problem(ScoredPair pair) => _hasComet && !IsNumber(pair.Comet) ? "comet" : !IsNumber(pair.Ppl) ? "ppl" : !IsNumber(Loss(pair)) ? "target_ppl"
        : pair.SaeActivations.Where(a => !IsNumber(a.Value)).Select(a => a.Key).FirstOrDefault();

    private static bool IsNumber(double? value) => value is { } number && double.IsFinite(number);
}
