using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.DotNet.Interactive;

namespace SaeNotebooks.Kernel.Session;

/// <summary>The C# that has been run so far: each cell continues where the last one ended. For one thread at a time.</summary>
internal sealed class CSharpSession
{
    private readonly Task<ScriptState<object>> start;
    private readonly CellReferences references = new();
    private ScriptState<object>? state;

    /// <summary>Starts to warm up the compiler in the background, so that the first cell need not wait for it.</summary>
    public CSharpSession()
    {
        DisplayDefaults.Apply();
        start = Task.Run(WarmUpAsync);
    }

    /// <summary>The C# version of cells, for example "14.0".</summary>
    public static string LanguageVersion { get; } =
        Microsoft.CodeAnalysis.CSharp.LanguageVersion.Latest.MapSpecifiedToEffectiveVersion().ToDisplayString();

    /// <summary>Whether the code can run as it is, or its end is still missing.</summary>
    public static bool IsComplete(string code) => SyntaxFactory.IsCompleteSubmission(CellReferences.Parse(code));

    /// <summary>Compiles and runs a cell. What it declared before it failed stays declared.</summary>
    /// <param name="code">The cell.</param>
    /// <param name="number">Its execution count, which names it in errors.</param>
    /// <param name="guard">How it can be ended.</param>
    /// <exception cref="OperationCanceledException">The cell was interrupted.</exception>
    public CellOutcome Execute(string code, int number, ICellGuard guard)
    {
        try
        {
            var previous = state ?? start.GetAwaiter().GetResult();
            var script = previous.Script.ContinueWith<object>(references.Apply(code, guard.Token), references.Options(number));
            var errors = script.Compile(guard.Token).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
            return errors.Count > 0 ? new(null, CellError.FromDiagnostics(errors)) : Run(script, previous, guard);
        }
        catch (DirectiveException error)
        {
            return new(null, CellError.FromMessage("DirectiveError", error.Message));
        }
    }

    private CellOutcome Run(Script<object> script, ScriptState<object> previous, ICellGuard guard)
    {
        CellOutcome? outcome = null;
        guard.Guard(() =>
        {
            state = script.RunFromAsync(previous, _ => true, CancellationToken.None).GetAwaiter().GetResult();
            outcome = Outcome(script, state, guard.Token);
        });
        return outcome!;
    }

    private static CellOutcome Outcome(Script script, ScriptState<object> ended, CancellationToken token)
    {
        if (ended.Exception is { } error)
            return new(null, token.IsCancellationRequested ? CellError.Interrupted : CellError.FromException(error));
        if (!EndsInValue(script)) return new(null, null);
        return new(MimeBundle.From(FormattedValue.CreateManyFromObject(ended.ReturnValue)), null);
    }

    // A value is shown if the cell ends in an expression that has one and no semicolon.
    private static bool EndsInValue(Script script)
    {
        var compilation = script.GetCompilation();
        var tree = compilation.SyntaxTrees.Last();
        var last = ((CompilationUnitSyntax)tree.GetRoot()).Members.LastOrDefault();
        return last is GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } statement }
            && compilation.GetSemanticModel(tree).GetTypeInfo(statement.Expression).Type is not { SpecialType: SpecialType.System_Void };
    }

    private async Task<ScriptState<object>> WarmUpAsync()
    {
        const string exercise = """var warm = from i in new[] { 1, 2 } select $"{i}"; await Task.CompletedTask; warm.Count()""";
        var script = CSharpScript.Create<object>("", references.Options(0));
        var origin = await script.RunAsync();
        var ended = await script.ContinueWith<object>(exercise, references.Options(0)).RunFromAsync(origin);
        _ = Outcome(ended.Script, ended, CancellationToken.None);
        return origin;
    }
}
