namespace SaeNotebooks;

/// <summary>What a notebook's text says, checked by its last cell: a claim that no longer holds fails the notebook. Immutable; each call gives a longer list.</summary>
/// <param name="asWritten">whether the parameters are those that the text describes</param>
public sealed class Claims(bool asWritten)
{
    private sealed record Claim(string Text, Func<bool> Holds, bool IsAlways, CellCondition? When);

    private IReadOnlyList<Claim> List { get; init; } = [];

    /// <summary>A claim that holds for any parameters and any model.</summary>
    /// <param name="text">what is claimed</param>
    /// <param name="holds">whether it holds; called by <see cref="Check"/></param>
    /// <param name="when">of the cells that it is about; where they do not apply it is not checked</param>
    public Claims Always(string text, Func<bool> holds, CellCondition? when = null) => With(new(text, holds, true, when));

    /// <summary>A claim about the parameters as they are written; not checked with others.</summary>
    /// <param name="text">what is claimed</param>
    /// <param name="holds">whether it holds; called by <see cref="Check"/></param>
    public Claims AsWritten(string text, Func<bool> holds) => With(new(text, holds, false, null));

    /// <summary>Checks them.</summary>
    /// <returns>a line: how many hold, and how many could not be checked</returns>
    /// <exception cref="InvalidOperationException">some do not hold; the message has them all</exception>
    public string Check()
    {
        var toCheck = List.Where(c => (c.IsAlways || asWritten) && c.When is not { Holds: false }).ToList();
        var failed = toCheck.Where(c => !c.Holds()).Select(c => c.Text).ToList();
        if (failed.Count > 0) throw new InvalidOperationException($"{failed.Count} of {toCheck.Count} claims do not hold: {string.Join("; ", failed)}.");
        return toCheck.Count == List.Count ? $"All {List.Count} claims hold."
            : $"{toCheck.Count} claims hold; {List.Count - toCheck.Count} were not checked: they are about other parameters than these, or about what does not apply to this model.";
    }

    private Claims With(Claim claim) => new(asWritten) { List = [.. List, claim] };
}
