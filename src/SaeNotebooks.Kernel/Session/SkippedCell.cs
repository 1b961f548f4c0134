namespace SaeNotebooks.Kernel.Session;

/// <summary>
/// A cell may say that it does not apply, as a test says that it is skipped: by throwing an exception of a type of this name, from whatever library. Its message is
/// shown in place of a value, and the cells that wait behind it are run.
/// </summary>
internal static class SkippedCell
{
    private const string TypeName = "CellSkippedException";

    /// <summary>Why the cell does not apply, or null if what was thrown says no such thing.</summary>
    public static string? Reason(Exception thrown) => CellError.Unwrap(thrown) is var error && error.GetType().Name == TypeName ? error.Message : null;
}
