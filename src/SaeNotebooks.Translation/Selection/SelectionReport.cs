using SaeNotebooks.Translation.Measures;

namespace SaeNotebooks.Translation.Selection;

/// <summary>How well a model translates held-out sentences.</summary>
/// <param name="Quality">chrF to the reference, 0 to 100, in wordings of training</param>
/// <param name="OffTask">share of answers that are off task, in wordings of training</param>
/// <param name="HeldQuality">chrF in held-out wordings</param>
/// <param name="HeldOffTask">share off task in held-out wordings</param>
public sealed record TranslationQuality(double Quality, double OffTask, double HeldQuality, double HeldOffTask);

/// <summary>One fine-tuning.</summary>
/// <param name="Strategy">how its examples were chosen</param>
/// <param name="Budget">share of the pool</param>
/// <param name="Seed">of pool, choice and training</param>
/// <param name="Picked">how many of its examples are wrong in which way</param>
/// <param name="Result">the model afterwards</param>
public sealed record SelectionRun(Strategy Strategy, double Budget, int Seed, SortedDictionary<Noise, int> Picked, TranslationQuality Result)
{
    /// <summary>Share of its examples that are wrong.</summary>
    public double NoiseShare => 1 - Picked.GetValueOrDefault(Noise.None) / (double)Picked.Values.Sum();
}

/// <summary>What the selection of training data does, by strategy and budget.</summary>
/// <param name="Model">the model that was trained on</param>
/// <param name="Scorer">the model that scored the examples, with layer and latents</param>
/// <param name="Options">how it was tested</param>
/// <param name="Before">the model before</param>
/// <param name="Runs">every fine-tuning</param>
public sealed record SelectionReport(string Model, string Scorer, SelectionOptions Options, TranslationQuality Before, IReadOnlyList<SelectionRun> Runs)
{
    /// <summary>The mean of something over the seeds of a strategy and budget.</summary>
    public Estimate Mean(Strategy strategy, double budget, Func<SelectionRun, double> value) => OverSeeds.Mean(Values(strategy, budget, value));

    /// <summary>By how much a strategy exceeds another, paired by seed.</summary>
    public Estimate Over(Strategy strategy, Strategy other, double budget, Func<SelectionRun, double> value) =>
        OverSeeds.Difference(Values(other, budget, value), Values(strategy, budget, value));

    /// <summary>The same over all budgets: of each seed, the mean over its budgets.</summary>
    public Estimate Over(Strategy strategy, Strategy other, Func<SelectionRun, double> value) => OverSeeds.Difference(SeedMeans(other, value), SeedMeans(strategy, value));

    private double[] SeedMeans(Strategy strategy, Func<SelectionRun, double> value) =>
        [.. Runs.Where(r => r.Strategy == strategy).GroupBy(r => r.Seed).OrderBy(g => g.Key).Select(g => g.Average(value))];

    private double[] Values(Strategy strategy, double budget, Func<SelectionRun, double> value) =>
        [.. Runs.Where(r => r.Strategy == strategy && r.Budget == budget).OrderBy(r => r.Seed).Select(value)];
}
