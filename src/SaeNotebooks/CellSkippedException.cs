namespace SaeNotebooks;

/// <summary>Ends a cell that does not apply to the opened model: no failure. The kernel of this repository knows it by its name, shows its line and goes on with the
/// next cell; another shows it as an error.</summary>
/// <param name="reason">why it does not apply, without a full stop</param>
public sealed class CellSkippedException(string reason) : Exception($"Does not apply: {reason}.");
