using SaeNotebooks.Translation.Measures;

namespace SaeNotebooks.Translation.Selection;

/// <summary>The paper's selection (S3, least active) against another one, paired by seed.</summary>
/// <param name="Other">the other one</param>
/// <param name="Quality">how much chrF S3 is ahead, in wordings of training</param>
/// <param name="OffTask">how much its off-task rate is above the other's, in wordings of training: better below 0</param>
public sealed record SelectionContrast(Strategy Other, Estimate Quality, Estimate OffTask)
{
    /// <summary>What S3 is compared with, and what each comparison asks: random choice whether S3 is worth anything, the highest quality whether a gate and
    /// an order are worth more than quality itself, the gate alone whether the latents are worth anything, the reversed order whether quiet is the right
    /// end of them, random choice in S3's mix of languages whether they know more than the language.</summary>
    public static IReadOnlyList<Strategy> Others { get; } = [Strategy.Random, Strategy.Quality, Strategy.GateAlone, Strategy.MostActive, Strategy.SameLanguages];

    /// <summary>Whether S3 is ahead in one measure, its interval leaving out 0, and behind in none.</summary>
    public bool IsAhead => (Quality.Low > 0 || OffTask.High < 0) && !(Quality.High < 0 || OffTask.Low > 0);

    /// <summary>Whether S3 is behind in one measure and ahead in none.</summary>
    public bool IsBehind => (Quality.High < 0 || OffTask.Low > 0) && !(Quality.Low > 0 || OffTask.High < 0);

    /// <summary>At one budget.</summary>
    /// <exception cref="ArgumentException">the report lacks one of the two strategies</exception>
    public static SelectionContrast At(SelectionReport report, Strategy other, double budget) => new(other,
        report.Over(Strategy.LeastActive, other, budget, r => r.Result.Quality), report.Over(Strategy.LeastActive, other, budget, r => r.Result.OffTask));

    /// <summary>Over all budgets: of each seed the mean over its budgets, so that one test decides.</summary>
    /// <inheritdoc cref="At"/>
    public static SelectionContrast Overall(SelectionReport report, Strategy other) => new(other,
        report.Over(Strategy.LeastActive, other, r => r.Result.Quality), report.Over(Strategy.LeastActive, other, r => r.Result.OffTask));
}
