using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.DotNet.Interactive;

namespace SaeNotebooks.Kernel.Session;

/// <summary>The C# that has been run so far: each cell continues where the last one ended. For one thread at a time.</summary>
internal sealed class CSharpSession
{
    private const string WhatExtensionsSee =
        "A static class with extension methods sees the types of its own cell and of libraries, not what other cells declare.";
    private readonly CellReferences references = new(new CellLoadContext());
    private readonly PackageRestore packages = new();
    private readonly SubmissionChain chain;
    private readonly CellLibraries libraries;
    private readonly Stack<string> importing = new();
    private readonly Task warmUp;

    /// <summary>Starts to warm up the compiler in the background, so that the first cell need not wait for it.</summary>
    public CSharpSession()
    {
        chain = new SubmissionChain(references);
        libraries = new CellLibraries(references);
        warmUp = Task.Run(WarmUp);
    }

    /// <summary>The C# version of cells, for example "14.0".</summary>
    public static string LanguageVersion { get; } =
        Microsoft.CodeAnalysis.CSharp.LanguageVersion.Latest.MapSpecifiedToEffectiveVersion().ToDisplayString();

    /// <summary>Code that may be unfinished, as the next cell: what its names mean after the cells that ran.</summary>
    public CSharpCompilation Bind(string code)
    {
        warmUp.GetAwaiter().GetResult();
        return chain.Bind(CellSource.Parse(code));
    }

    /// <summary>Compiles and runs a cell. What it declared before it failed stays declared.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="guard">How it can be ended.</param>
    /// <exception cref="OperationCanceledException">The cell was interrupted.</exception>
    public CellOutcome Execute(CellSource cell, ICellGuard guard)
    {
        warmUp.GetAwaiter().GetResult();
        importing.Clear();
        try
        {
            return Run(cell, guard);
        }
        catch (DirectiveException error)
        {
            return new(null, CellError.FromMessage("DirectiveError", error.Message));
        }
        catch (Exception error) when (SkippedCell.Reason(error) is { } reason && !guard.Token.IsCancellationRequested)
        {
            return new(FormattedValue.CreateManyFromObject(reason), null);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return new(null, guard.Token.IsCancellationRequested ? CellError.Interrupted : CellError.FromException(error));
        }
    }

    private CellOutcome Run(CellSource source, ICellGuard guard)
    {
        var directives = CellDirectives.Read(source.Code);
        Require(directives, guard.Token);
        var clock = Stopwatch.StartNew();
        var outcome = new CellOutcome(null, null);
        foreach (var step in directives.Steps)
        {
            Show(outcome); // only the last step's value is the cell's
            outcome = step is CellStep.Import import
                ? Import(Path.GetFullPath(Path.Combine(source.Folder, import.Path)), guard)
                : Run(source.Name, (CellStep.Code)step, guard);
            if (outcome.Error is not null) return outcome;
        }
        if (directives.IsTimed) KernelInvocationContext.Current!.DisplayAs($"Wall time: {clock.Elapsed.TotalMilliseconds:0.#} ms", "text/plain");
        return outcome;
    }

    private void Require(CellDirectives directives, CancellationToken token)
    {
        foreach (var place in directives.Sources) packages.AddSource(place);
        foreach (var file in directives.Files) references.RequireLoadable(file);
        if (directives.Packages.Count > 0) references.Add(packages.Restore(directives.Packages, token));
    }

    private static void Show(CellOutcome outcome)
    {
        if (outcome.Result is { } values) KernelInvocationContext.Current!.Host.Display(values, Guid.NewGuid().ToString());
    }

    private CellOutcome Import(string path, ICellGuard guard)
    {
        if (importing.Contains(path)) throw new DirectiveException($"'{path}' imports itself, by way of {string.Join(", ", importing.Reverse())}.");
        importing.Push(path);
        var outcome = new CellOutcome(null, null);
        foreach (var cell in ImportedSources.Read(path))
        {
            outcome = IsLibrary(cell) ? Outcome(libraries.Define(cell, guard.Token)) : Run(cell, guard);
            if (outcome.Error is not null) break;
            Show(outcome);
        }
        importing.Pop();
        return outcome with { Result = null };
    }

    private CellOutcome Run(string name, CellStep.Code code, ICellGuard guard)
    {
        var tree = CellSource.Parse(code.Text, name);
        var root = tree.GetCompilationUnitRoot(guard.Token);
        if (CellTypes.In(root) is var types && types.Any(CellTypes.IsExtensionClass))
        {
            var (moved, errors) = MoveToLibrary(types, root, guard.Token);
            if (errors.Count > 0) return new(null, CellError.FromDiagnostics(errors, WhatExtensionsSee));
            tree = CellSource.Parse(CellTypes.Without(root, moved), name);
        }
        var (cell, mistakes) = chain.Compile(tree, guard.Token);
        if (cell is null) return Outcome(mistakes);
        libraries.Learn(root);
        return new(chain.Run(cell, guard), null);
    }

    // Extension methods may be for types of their own cell, which then have to move too; unless those need variables of cells.
    private (IReadOnlyList<MemberDeclarationSyntax> Moved, IReadOnlyList<Diagnostic> Errors) MoveToLibrary(
        IReadOnlyList<MemberDeclarationSyntax> types, CompilationUnitSyntax cell, CancellationToken token)
    {
        var errors = libraries.Define(types, cell, token);
        if (errors.Count == 0) return (types, []);
        IReadOnlyList<MemberDeclarationSyntax> alone = [.. types.Where(CellTypes.IsExtensionClass)];
        return alone.Count < types.Count && libraries.Define(alone, cell, token).Count == 0 ? (alone, []) : ([], errors);
    }

    private static bool IsLibrary(CellSource file) => file.Name.EndsWith(".cs", StringComparison.OrdinalIgnoreCase)
        && CSharpSyntaxTree.ParseText(file.Code).GetCompilationUnitRoot().Members.Any(member => member is BaseNamespaceDeclarationSyntax);

    private static CellOutcome Outcome(IReadOnlyList<Diagnostic> errors) =>
        new(null, errors.Count > 0 ? CellError.FromDiagnostics(errors, DiagnosticHints.For(errors)) : null);

    private void WarmUp()
    {
        const string exercise = """var warm = from i in new[] { 1, 2 } select $"{i}"; await Task.CompletedTask; warm.Count()""";
        DisplayDefaults.Apply();
        var other = new SubmissionChain(references);
        foreach (var code in new[] { exercise, "warm.First()" })
            other.Run(other.Compile(CellSource.Parse(code), CancellationToken.None).Cell!, new Unguarded());
    }

    private sealed class Unguarded : ICellGuard
    {
        public CancellationToken Token => CancellationToken.None;

        public void Guard(Action userCode) => userCode();
    }
}
