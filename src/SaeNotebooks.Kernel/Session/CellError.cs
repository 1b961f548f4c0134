using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;

namespace SaeNotebooks.Kernel.Session;

/// <summary>Why a cell failed, as front ends show it.</summary>
/// <param name="Name">The kind of error, for an exception its type.</param>
/// <param name="Message">One line.</param>
/// <param name="Trace">All that is shown, line by line: places in cells and libraries, never the kernel's own.</param>
internal sealed record CellError(string Name, string Message, IReadOnlyList<string> Trace)
{
    public static readonly CellError Interrupted = FromMessage("Interrupted", "The cell was interrupted.");

    /// <summary>An error that one line says all about.</summary>
    public static CellError FromMessage(string name, string message) => new(name, message, [$"{name}: {message}"]);

    /// <summary>The error of a cell that does not compile: each complaint with its line, its column and the source, then the hint if there is one.</summary>
    public static CellError FromDiagnostics(IReadOnlyList<Diagnostic> errors, string? hint = null)
    {
        var lines = errors.OrderBy(error => error.Location.SourceSpan.Start).SelectMany(DiagnosticText.Lines).ToList();
        return new("CompilationError", lines[0], hint is null ? lines : [.. lines, hint]);
    }

    /// <summary>The error of a cell that threw, with the frames that a person at the notebook can do something about.</summary>
    public static CellError FromException(Exception thrown)
    {
        var error = Unwrap(thrown);
        List<string> trace = [Headline(error), .. StackText.Lines(error)];
        for (var cause = error.InnerException; cause is not null; cause = cause.InnerException)
            trace.AddRange(["caused by " + Headline(cause), .. StackText.Lines(cause)]);
        return new(error.GetType().Name, error.Message, trace);
    }

    /// <summary>The content that error messages and execute replies share.</summary>
    public JsonObject ToJson() => new()
    {
        ["ename"] = Name,
        ["evalue"] = Message,
        ["traceback"] = new JsonArray([.. Trace.Select(line => (JsonNode)line)]),
    };

    private static string Headline(Exception error) => $"{error.GetType().Name}: {error.Message}";

    /// <summary>What was thrown, without the wrapping of tasks and reflection.</summary>
    public static Exception Unwrap(Exception error) => error switch
    {
        AggregateException { InnerExceptions.Count: 1, InnerException: { } inner } => Unwrap(inner),
        TargetInvocationException { InnerException: { } inner } => Unwrap(inner),
        _ => error,
    };
}
