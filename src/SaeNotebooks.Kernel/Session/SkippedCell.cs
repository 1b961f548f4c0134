namespace SaeNotebooks.Kernel.Session;

/// <summary>
/// A cell may say that it does not apply, as a test says that it is skipped: by throwing an exception of a type of this name, from whatever library. It shows
/// itself in place of a value, and the cells that wait behind it are run.
/// </summary>
internal static class SkippedCell
{
    private const string TypeName = "CellSkippedException";

    /// <summary>The exception that says so, or null for any other.</summary>
    public static Exception? Find(Exception thrown) => CellError.Unwrap(thrown) is var error && error.GetType().Name == TypeName ? error : null;
}
