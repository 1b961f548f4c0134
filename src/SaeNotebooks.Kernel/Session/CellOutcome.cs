using System.Text.Json.Nodes;

namespace SaeNotebooks.Kernel.Session;

/// <summary>How a cell ended.</summary>
/// <param name="Result">The MIME bundle of its last expression; null if it has none or failed.</param>
/// <param name="Error">Why it failed; null if it did not.</param>
internal sealed record CellOutcome(JsonObject? Result, CellError? Error);
