using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.DotNet.Interactive;

namespace SaeNotebooks.Kernel.Session;

/// <summary>
/// The compiled cells. Each is a Roslyn submission: it sees the declarations of those before it, the latest of a name first, and its
/// own variables are fields of an object that lives in a slot, where they last however the cell ends. For one thread at a time.
/// </summary>
internal sealed class SubmissionChain(CellReferences references)
{
    /// <summary>The imports of .NET Interactive's C# kernel, and no more: a cell must not come to need what it lacks elsewhere.</summary>
    public static readonly IReadOnlyList<string> Namespaces =
        ["System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq"];

    private static readonly EmitOptions WithLineNumbers = new(debugInformationFormat: DebugInformationFormat.PortablePdb);
    private static readonly CSharpCompilationOptions Options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)
        .WithUsings(Namespaces.Append(typeof(Microsoft.DotNet.Interactive.Kernel).FullName!))
        .WithOptimizationLevel(OptimizationLevel.Release).WithAllowUnsafe(true).WithConcurrentBuild(false);

    private static int names; // of all chains, for they are loaded together
    private object?[] slots = new object?[16];
    private int compiled;
    private CSharpCompilation? latest;

    /// <summary>A cell that may be unfinished, for whoever wants to know what its names mean.</summary>
    public CSharpCompilation Bind(SyntaxTree tree, string name = "Unfinished")
    {
        var options = Options.WithScriptClassName(name).WithMetadataReferenceResolver(references.Resolver)
            .WithSourceReferenceResolver(new SourceFileResolver([], Directory.GetCurrentDirectory()));
        return CSharpCompilation.CreateScriptCompilation(name, tree, references.All(), options, latest, typeof(object));
    }

    /// <summary>Compiles a cell, which changes nothing until it is run.</summary>
    /// <returns>The cell, or what is wrong with it.</returns>
    public (Submission? Cell, IReadOnlyList<Diagnostic> Errors) Compile(SyntaxTree tree, CancellationToken token)
    {
        compiled++;
        var compilation = Bind(tree, $"Submission#{Interlocked.Increment(ref names)}");
        using MemoryStream assembly = new(), symbols = new();
        var emitted = compilation.Emit(assembly, symbols, options: WithLineNumbers, cancellationToken: token);
        List<Diagnostic> errors = [.. emitted.Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error)];
        if (errors.Count > 0) return (null, errors);
        if (!emitted.Success) return (new Submission(compilation, null), []); // nothing but usings and directives
        (assembly.Position, symbols.Position) = (0, 0);
        return (new Submission(compilation, references.Context.LoadFromStream(assembly, symbols)), []);
    }

    /// <summary>Runs a cell. What it declared stays declared also when it throws or is ended from outside.</summary>
    /// <returns>What it shows as its value; null for nothing.</returns>
    public IReadOnlyList<FormattedValue>? Run(Submission cell, ICellGuard guard)
    {
        if (slots.Length <= compiled + 1) Array.Resize(ref slots, 2 * slots.Length);
        IReadOnlyList<FormattedValue>? shown = null;
        guard.Guard(() =>
        {
            latest = cell.Compilation;
            var value = cell.Start(slots).GetAwaiter().GetResult();
            if (cell.EndsInValue) shown = FormattedValue.CreateManyFromObject(value);
        });
        return shown;
    }
}

/// <summary>A compiled cell.</summary>
internal sealed class Submission
{
    /// <param name="compilation">What was compiled.</param>
    /// <param name="assembly">What came of it; null if there is nothing to run.</param>
    public Submission(CSharpCompilation compilation, Assembly? assembly)
    {
        Compilation = compilation;
        if (assembly is null) return;
        var entry = compilation.GetEntryPoint(CancellationToken.None)!;
        Start = assembly.GetType(entry.ContainingType.MetadataName, throwOnError: true)!
            .GetMethod(entry.MetadataName, BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)!
            .CreateDelegate<Func<object?[], Task<object?>>>();
    }

    public CSharpCompilation Compilation { get; }

    /// <summary>Puts the cell's variables into their slot and runs it.</summary>
    public Func<object?[], Task<object?>> Start { get; } = _ => Task.FromResult<object?>(null);

    /// <summary>Whether the cell ends in an expression that has a value and no semicolon.</summary>
    public bool EndsInValue
    {
        get
        {
            var tree = Compilation.SyntaxTrees.Last();
            var last = ((CompilationUnitSyntax)tree.GetRoot()).Members.LastOrDefault();
            return last is GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } statement }
                && Compilation.GetSemanticModel(tree).GetTypeInfo(statement.Expression).Type is not { SpecialType: SpecialType.System_Void };
        }
    }
}
