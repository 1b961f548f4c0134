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
}
