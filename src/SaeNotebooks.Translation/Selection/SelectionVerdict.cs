namespace SaeNotebooks.Translation.Selection;

/// <summary>Whether the paper's claim holds (Wu et al. 2026): examples that are good enough and leave the latents quiet are those worth training on.</summary>
public static class SelectionVerdict
{
    /// <summary>The verdict in a few sentences; empty if S3 or what it must be compared with was not run. By the rule of <see cref="SelectionContrast"/>, over
    /// all budgets, and fixed before any result: the claim holds if S3 is ahead of the gate alone and of its own reversal.</summary>
    public static string Of(SelectionReport report)
    {
        if (!SelectionContrast.Others.Append(Strategy.LeastActive).All(report.Options.Strategies.Contains)) return "";
        var contrasts = SelectionContrast.Others.Select(other => SelectionContrast.Overall(report, other)).ToList();
        var (random, gate, reversed) = (contrasts[0], contrasts[1], contrasts[2]);
        var ending = gate.IsAhead && reversed.IsAhead ? "The paper's claim holds here: the latents add to the gate, and the quiet examples are the ones that do."
            : gate.IsAhead ? "The latents add to the gate, but which end of their order is trained on does not matter as the paper has it: its claim does not hold here."
            : random.IsAhead ? "What is gained over random choice is the gate's; the paper's claim that quiet latents mark the examples worth training on does not hold here."
            : "Neither the gate nor the latents make S3 better than random choice; the paper's claim does not hold here.";
        return $"S3 is {Standing(random)} random choice, {Standing(gate)} the gate alone and {Standing(reversed)} its own reversal. {ending}";
    }

    private static string Standing(SelectionContrast contrast) =>
        contrast.IsAhead ? "ahead of" : contrast.IsBehind ? "behind" : contrast.Quality is { Low: <= 0, High: >= 0 } && contrast.OffTask is { Low: <= 0, High: >= 0 } ? "level with" : "neither better nor worse than";
}
