using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SaeNotebooks.Kernel.Session;

namespace SaeNotebooks.Kernel.Assistance;

/// <summary>
/// Helps to write the next cell. Roslyn's editing services take a second or two to load, which is done when the first question comes or
/// by <see cref="WarmUp"/>. For one thread at a time.
/// </summary>
internal sealed class CellAssistant(CSharpSession session)
{
    private const int MostSignatures = 12;
    private readonly Lock turn = new(); // of warming up and the first question
    private readonly Lazy<CellWorkspace> workspace = new();

    /// <summary>Whether code can run as it is ("complete"), its end is missing ("incomplete") or it is none ("invalid").</summary>
    public static string Completeness(string code)
    {
        var tree = CellSource.Parse(CellDirectives.Blank(code));
        if (!SyntaxFactory.IsCompleteSubmission(tree)) return "incomplete";
        return tree.GetDiagnostics().Any(found => found.Severity == DiagnosticSeverity.Error) ? "invalid" : "complete";
    }

    /// <summary>Loads what the first question needs, on the calling thread.</summary>
    public void WarmUp()
    {
        _ = Complete("Console.Wri", "Console.Wri".Length);
        _ = Inspect("Console.WriteLine(", "Console.WriteLine(".Length);
    }

    /// <summary>The content of a complete_reply.</summary>
    /// <param name="code">The cell.</param>
    /// <param name="cursor">The cursor's position in code points.</param>
    public JsonObject Complete(string code, int cursor)
    {
        lock (turn)
        {
            var document = workspace.Value.Open(session.Bind(code));
            var found = Completions.FindAsync(document, code, CodePoints.ToUtf16(code, cursor), CancellationToken.None).GetAwaiter().GetResult();
            var (start, end) = (CodePoints.FromUtf16(code, found.Start), CodePoints.FromUtf16(code, found.End));
            return new()
            {
                ["status"] = "ok",
                ["matches"] = new JsonArray([.. found.Matches.Select(match => (JsonNode)match.Text)]),
                ["cursor_start"] = start,
                ["cursor_end"] = end,
                ["metadata"] = new JsonObject
                {
                    ["_jupyter_types_experimental"] = new JsonArray([.. found.Matches.Select(match => (JsonNode)new JsonObject
                    {
                        ["start"] = start, ["end"] = end, ["text"] = match.Text, ["type"] = match.Type,
                    })]),
                },
            };
        }
    }

    /// <summary>The content of an inspect_reply: what the name at the cursor is, and which arguments the call around it takes.</summary>
    /// <param name="code">The cell.</param>
    /// <param name="cursor">The cursor's position in code points.</param>
    public JsonObject Inspect(string code, int cursor)
    {
        lock (turn)
        {
            var position = CodePoints.ToUtf16(code, cursor);
            var cell = session.Bind(code);
            List<HelpText> help = [];
            var symbol = SymbolHelp.FindAsync(workspace.Value.Open(cell), code, position, CancellationToken.None).GetAwaiter().GetResult();
            if (symbol is not null) help.Add(symbol);
            help.AddRange(SignatureHelp.Find(cell, position, CancellationToken.None).Take(MostSignatures));
            var data = help.Count > 0 ? Bundle(help) : [];
            return new() { ["status"] = "ok", ["found"] = help.Count > 0, ["data"] = data, ["metadata"] = new JsonObject() };
        }
    }

    private static JsonObject Bundle(IReadOnlyList<HelpText> help) => new()
    {
        ["text/plain"] = string.Join("\n\n", help.Select(part => part.Text.Length > 0 ? $"{part.Code}\n{part.Text}" : part.Code)),
        ["text/markdown"] = string.Join("\n\n", help.Select(part => $"```csharp\n{part.Code}\n```\n\n{part.Text}".TrimEnd())),
    };
}
