namespace SaeNotebooks.Training.Saes.Learning;

/// <summary>A step of all SAEs on the same tokens.</summary>
/// <param name="Number">steps done, from 1</param>
/// <param name="Saes">what each did, in the order of the jobs</param>
public sealed record SaeTrainingStep(long Number, IReadOnlyList<SaeStep> Saes)
{
    /// <summary>Means over the SAEs, for a line of progress.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"loss {Saes.Average(s => s.Loss):G4}, L0 {Saes.Average(s => s.L0):F1}, FVE {Saes.Average(s => s.ExplainedVariance):F3}, dead {100 * Saes.Average(s => s.Dead):F1} %");
}
