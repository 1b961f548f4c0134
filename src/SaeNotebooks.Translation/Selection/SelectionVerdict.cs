namespace SaeNotebooks.Translation.Selection;

/// <summary>Whether the paper's claim holds (Wu et al. 2026): examples that are good enough and leave the latents quiet are those worth training on.</summary>
public static class SelectionVerdict
{
    /// <summary>The verdict in a few sentences; empty if S3, random choice, the gate alone or the reversed order was not run. Over all budgets and by
    /// the rule of <see cref="SelectionContrast"/>: the claim holds if S3 is ahead of the gate alone and of its own reversal.</summary>
    public static string Of(SelectionReport report)
    {
        Strategy[] needed = [Strategy.LeastActive, Strategy.Random, Strategy.GateAlone, Strategy.MostActive];
        if (!needed.All(report.Options.Strategies.Contains)) return "";
        SelectionContrast Over(Strategy other) => SelectionContrast.Overall(report, other);
        var (random, gate, reversed) = (Over(Strategy.Random), Over(Strategy.GateAlone), Over(Strategy.MostActive));
        var claim = gate.IsAhead && reversed.IsAhead ? "The paper's claim holds here: the latents add to the gate, and the quiet examples are the ones that do."
            : gate.IsAhead ? "The latents add to the gate, but the quiet end of their order is not shown to be better than the loud one: the paper's claim does not hold here."
            : random.IsAhead ? "What it gains over random choice is no more than the gate alone gains; that quiet latents mark the examples worth training on is not shown here."
            : "S3 is not shown to be better than random choice, with or without the latents; the paper's claim does not hold here.";
        var languages = !gate.IsAhead || !report.Options.Strategies.Contains(Strategy.SameLanguages) ? ""
            : Over(Strategy.SameLanguages).IsAhead ? " Its mix of languages does not explain that: random choice in the same mix falls behind."
            : " But S3 is not ahead of random choice in the same mix of languages: what the latents add is which language is asked for.";
        return $"S3 is {Standing(random)} random choice, {Standing(gate)} the gate alone and {Standing(reversed)} its own reversal. {claim}{languages}";
    }

    private static string Standing(SelectionContrast contrast) => contrast.IsAhead ? "ahead of" : contrast.IsBehind ? "behind"
        : contrast.Quality is { Low: <= 0, High: >= 0 } && contrast.OffTask is { Low: <= 0, High: >= 0 } ? "level with" : "neither better nor worse than";
}
