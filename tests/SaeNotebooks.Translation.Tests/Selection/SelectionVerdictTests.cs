using SaeNotebooks.Translation.Selection;

namespace SaeNotebooks.Translation.Tests.Selection;

public class SelectionVerdictTests
{
    private static readonly SelectionOptions Options = new() { Budgets = [0.2, 0.5], Seeds = 4 };

    /// <summary>What is a run's own, by strategy and seed; over the seeds it sums to 0.</summary>
    private static readonly Dictionary<Strategy, double[]> Own = new()
        { [Strategy.Random] = [0.3, -0.3, 0.3, -0.3], [Strategy.GateAlone] = [0.3, 0.3, -0.3, -0.3], [Strategy.MostActive] = [0.3, -0.3, -0.3, 0.3], [Strategy.SameLanguages] = [-0.3, 0.3, 0.3, -0.3] };

    /// <summary>Runs whose chrF is 60, what the strategy adds, what the seed adds to all strategies alike, and a little that is the run's own.</summary>
    private static SelectionReport Report(double random = 0, double gate = 0, double least = 0, double most = 0, double mix = 0)
    {
        double Added(Strategy s) => s switch { Strategy.Random => random, Strategy.GateAlone => gate, Strategy.LeastActive => least, Strategy.MostActive => most, Strategy.SameLanguages => mix, _ => 0 };
        var runs = from seed in Enumerable.Range(1, Options.Seeds)
                   from strategy in Options.Strategies
                   from budget in Options.Budgets
                   select new SelectionRun(strategy, budget, seed, [], new(60 + Added(strategy) + 9 * seed + (Own.GetValueOrDefault(strategy)?[seed - 1] ?? 0), 0.1, 0, 0));
        return new("early", "scorer", Options, new(50, 0.2, 40, 0.3), [.. runs]);
    }

    [Fact]
    public void It_holds_only_if_quiet_examples_beat_the_gate_and_loud_ones()
    {
        Assert.EndsWith("random choice in the same mix falls behind.", SelectionVerdict.Of(Report(gate: 2, least: 5)));
        Assert.Contains("the quiet examples are the ones that do. But S3 is not ahead of random choice in the same mix", SelectionVerdict.Of(Report(gate: 2, least: 5, mix: 5)));
        Assert.Contains("better than the loud one", SelectionVerdict.Of(Report(gate: 2, least: 5, most: 5)));
        Assert.Contains("no more than the gate alone gains", SelectionVerdict.Of(Report(gate: 5, least: 5, most: 5)));
        Assert.StartsWith("S3 is ahead of random choice, behind the gate alone and behind its own reversal.", SelectionVerdict.Of(Report(gate: 5, least: 3, most: 5)));
        Assert.StartsWith("S3 is level with random choice", SelectionVerdict.Of(Report()));
        Assert.Contains("not shown to be better than random choice", SelectionVerdict.Of(Report()));
    }

    [Fact]
    public void The_seeds_own_level_is_paired_out_and_budgets_are_averaged()
    {
        var report = Report(gate: 2, least: 5);
        var contrast = SelectionContrast.Overall(report, Strategy.GateAlone);
        var differences = Enumerable.Range(1, Options.Seeds).Select(seed => report.Runs.Where(r => r.Seed == seed && r.Strategy == Strategy.LeastActive).Average(r => r.Result.Quality)
            - report.Runs.Where(r => r.Seed == seed && r.Strategy == Strategy.GateAlone).Average(r => r.Result.Quality)).ToList();
        Assert.Equal(differences.Average(), contrast.Quality.Value, 10);
        Assert.Equal(Options.Seeds, contrast.Quality.Count);
        Assert.InRange(contrast.Quality.High - contrast.Quality.Low, 0, 3); // 9 chrF lie between two seeds
        Assert.True(contrast.IsAhead);
    }

    [Fact]
    public void Ahead_in_one_measure_and_behind_in_the_other_is_neither()
    {
        var mixed = new SelectionContrast(Strategy.Random, new(1, 0.5, 1.5, 5), new(0.02, 0.01, 0.03, 5));
        Assert.False(mixed.IsAhead || mixed.IsBehind);
        Assert.True(new SelectionContrast(Strategy.Random, new(1, -0.5, 1.5, 5), new(-0.02, -0.03, -0.01, 5)).IsAhead);
        Assert.True(new SelectionContrast(Strategy.Random, new(-1, -1.5, -0.5, 5), new(0, -0.01, 0.01, 5)).IsBehind);
    }

    [Fact]
    public void Without_what_must_be_compared_there_is_none() =>
        Assert.Equal("", SelectionVerdict.Of(Report() with { Options = Options with { Strategies = [Strategy.Random, Strategy.LeastActive] } }));
}
