using SaeNotebooks.Training.FineTuning;

namespace SaeNotebooks.Translation.Selection;

/// <summary>How the selection of training data is tested.</summary>
public sealed record SelectionOptions
{
    /// <summary>Examples in a pool; every seed draws its own.</summary>
    public int PoolSize { get; init; } = 4000;

    /// <summary>Share of wrong examples in it.</summary>
    public double Noise { get; init; } = 0.3;

    /// <summary>Quality (chrF, 0 to 100) from which an example is good enough.</summary>
    public double Gate { get; init; } = 60;

    /// <summary>Shares of the pool that are trained on.</summary>
    public IReadOnlyList<double> Budgets { get; init; } = [0.2, 0.5, 0.8];

    /// <summary>What is compared.</summary>
    public IReadOnlyList<Strategy> Strategies { get; init; } = Enum.GetValues<Strategy>();

    /// <summary>Seeds: of the pool, the choice and the training. Pools and tests are the same for all strategies.</summary>
    public int Seeds { get; init; } = 5;

    /// <summary>How the model is trained on; the same number of steps whatever the budget, so that strategies differ in what is seen alone.</summary>
    public FineTuningPlan FineTuning { get; init; } = new();

    /// <summary>Held-out sentences on which the result is measured, in wordings of training and in held-out ones each.</summary>
    public int TestPrompts { get; init; } = 200;

    /// <summary>Refuses what cannot be run.</summary>
    /// <exception cref="ArgumentException">a number that is too small, or nothing to compare</exception>
    internal void Check()
    {
        (string Name, int Value)[] counts = [("seeds", Seeds), ("examples in a pool", PoolSize), ("held-out test prompts", TestPrompts), ("training steps", FineTuning.Steps)];
        if (counts.FirstOrDefault(c => c.Value < 1) is ({ } name, var value)) throw new ArgumentException($"There must be {name}, at least 1, and there are {value}.");
        if (Strategies.Count == 0 || Budgets.Count == 0 || Budgets.Any(b => !(b > 0 && b <= 1) || (int)(b * PoolSize) < 1))
            throw new ArgumentException($"There must be strategies to compare, and budgets of more than 0 and at most 1 that take an example at least of {PoolSize}.");
    }
}
