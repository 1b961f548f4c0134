using System.Text.RegularExpressions;

namespace SaeNotebooks.Kernel.Session;

/// <summary>A stack trace cut down to cells and libraries.</summary>
internal static partial class StackText
{
    // Below it lies only the way in which the kernel runs cells.
    private const string CellRunner = "SaeNotebooks.Kernel.Session.";
    private static readonly string[] Plumbing =
    [
        "System.Runtime.CompilerServices.", "System.Runtime.ExceptionServices.", "System.Runtime.ControlledExecution.", "System.Threading.ExecutionContext.",
        "System.Threading.Tasks.", "System.Threading.Thread.", "SaeNotebooks.Kernel.",
    ];

    public static IEnumerable<string> Lines(Exception error) => (error.StackTrace ?? "")
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Where(line => line.StartsWith("at ", StringComparison.Ordinal))
        .Select(line => line[3..])
        .TakeWhile(frame => !frame.StartsWith(CellRunner, StringComparison.Ordinal))
        .Where(frame => !Plumbing.Any(prefix => frame.StartsWith(prefix, StringComparison.Ordinal)))
        .Select(frame => "   at " + Readable(frame));

    private static string Readable(string frame)
    {
        var cell = FilePattern().Replace(frame, "$1, line $2");
        return LinePattern().Replace(LambdaPattern().Replace(SubmissionPattern().Replace(InitializePattern().Replace(cell, ""), ""), "lambda"), ", line $1");
    }

    // Where the compiler put the folder before a cell's name: in /home/ann/cell 3:line 2
    [GeneratedRegex(@"(?<= in )(?:.*[/\\])?((?:[^/\\]+, )?cell \d+):line (\d+)$")]
    private static partial Regex FilePattern();

    // Top-level code of a cell: Submission#3.<<Initialize>>d__0.MoveNext() in
    [GeneratedRegex(@"^Submission#\d+\.<<Initialize>>d__\d+\.MoveNext\(\)(?: in )?")]
    private static partial Regex InitializePattern();

    [GeneratedRegex(@"\bSubmission#\d+\.")]
    private static partial Regex SubmissionPattern();

    // <>c__DisplayClass0_0.<<Initialize>>b__1
    [GeneratedRegex(@"<>c(?:__DisplayClass\d+_\d+)?\.<<Initialize>>b__\d+(?:_\d+)?")]
    private static partial Regex LambdaPattern();

    [GeneratedRegex(@":line (\d+)$")]
    private static partial Regex LinePattern();
}
