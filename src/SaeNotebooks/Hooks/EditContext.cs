namespace SaeNotebooks.Hooks;

/// <summary>Which tokens an edit is given.</summary>
/// <param name="Hook">where the edit is made</param>
/// <param name="Columns">for each selected column of the activation, its column in the padded batch, counted from the first token of the
/// prompts on, also while generating</param>
/// <param name="Prompts">for each row of the activation, the index of its prompt among those that the caller gave</param>
/// <param name="PromptCount">how many prompts the caller gave; those of a batch may be fewer</param>
/// <param name="IsRearranged">whether rows and columns are those of a batch that the caller did not lay out, because many prompts were
/// divided
/// into batches of similar length; another run's rows and columns then mean nothing here</param>
/// <param name="Place">where the token at (row, column of the padded batch) stands in its prompt; null for padding</param>
public sealed record EditContext(HookName Hook, IReadOnlyList<int> Columns, IReadOnlyList<int> Prompts, int PromptCount, bool IsRearranged,
    Func<int, int, TokenPlace?> Place);
