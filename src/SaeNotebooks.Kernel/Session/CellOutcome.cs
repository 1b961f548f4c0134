using Microsoft.DotNet.Interactive;

namespace SaeNotebooks.Kernel.Session;

/// <summary>How a cell ended.</summary>
/// <param name="Result">Its last expression in all its representations; null if it has none or failed.</param>
/// <param name="Error">Why it failed; null if it did not.</param>
internal sealed record CellOutcome(IReadOnlyList<FormattedValue>? Result, CellError? Error);
