namespace SaeNotebooks.Hooks;

/// <summary>Which tokens an edit is given.</summary>
/// <param name="Hook">where the edit is made</param>
/// <param name="Columns">for each selected column of the activation, its column in the padded batch, counted from the first token of the
/// prompts on, also while generating</param>
/// <param name="Place">where the token at (row, column of the padded batch) stands in its prompt; null for padding</param>
public sealed record EditContext(HookName Hook, IReadOnlyList<int> Columns, Func<int, int, TokenPlace?> Place);
