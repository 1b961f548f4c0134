using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace SaeNotebooks.Kernel.Session;

/// <summary>
/// Types that C# allows at the top of a program only, not inside the class that a cell becomes: static classes with extension methods, and
/// whatever stands in a namespace. They are compiled into libraries, which later cells reference. A library that is defined again gets
/// a higher version, for in submissions a higher version supersedes a lower one.
/// </summary>
internal sealed class CellLibraries(CellReferences references)
{
    private readonly Dictionary<string, Dictionary<string, string>> libraries = []; // name → its types → their text
    private readonly Dictionary<string, int> versions = [];
    private HashSet<string> usings = [.. SubmissionChain.Namespaces.Select(name => $"using {name};")];

    /// <summary>Remembers the usings of a cell that compiled; libraries of later cells have them too.</summary>
    public void Learn(CompilationUnitSyntax cell) => usings = UsingsWith(cell);

    /// <summary>Defines a library of the given types, also where earlier ones define types of the same names.</summary>
    /// <returns>What is wrong with it, in which case nothing has changed.</returns>
    public IReadOnlyList<Diagnostic> Define(IReadOnlyList<MemberDeclarationSyntax> types, CompilationUnitSyntax cell, CancellationToken token)
    {
        var texts = types.ToDictionary(CellTypes.Name, CellTypes.ToTopLevel);
        string[] redefined = [.. libraries.Where(library => library.Value.Keys.Any(texts.ContainsKey)).Select(library => library.Key)];
        var name = redefined.FirstOrDefault() ?? $"Cells.{texts.Keys.First()}.{libraries.Count}";
        var merged = new Dictionary<string, string>(libraries.GetValueOrDefault(name) ?? []);
        foreach (var (type, text) in texts) merged[type] = text;
        var errors = Compile(name, merged.Values.Select(text => With(UsingsWith(cell), text)), redefined, token);
        if (errors.Count > 0) return errors;
        libraries[name] = merged;
        foreach (var other in redefined.Skip(1))
        {
            foreach (var type in texts.Keys) libraries[other].Remove(type);
            Compile(other, libraries[other].Values.Select(text => With(usings, text)), [other], token);
        }
        return [];
    }

    /// <summary>Defines a library of a whole source file.</summary>
    /// <returns>What is wrong with it, in which case nothing has changed.</returns>
    public IReadOnlyList<Diagnostic> Define(CellSource file, CancellationToken token) =>
        Compile($"Cells.{Path.GetFileNameWithoutExtension(file.Name)}", [$"#line 1 \"{file.Name}\"\n{file.Code}"], [], token);

    private IReadOnlyList<Diagnostic> Compile(string name, IEnumerable<string> texts, string[] superseded, CancellationToken token)
    {
        var version = versions[name] = versions.GetValueOrDefault(name) + 1;
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary).WithOptimizationLevel(OptimizationLevel.Release)
            .WithAllowUnsafe(true).WithMetadataReferenceResolver(references.Resolver);
        var compilation = CSharpCompilation.Create(name,
            [Tree($"[assembly: System.Reflection.AssemblyVersion(\"{version}.0.0.0\")]"), .. texts.Select(Tree)],
            references.All([name, .. superseded]), options);
        using MemoryStream assembly = new(), symbols = new();
        var emitted = compilation.Emit(assembly, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb), cancellationToken: token);
        if (!emitted.Success) return [.. emitted.Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error)];
        (assembly.Position, symbols.Position) = (0, 0);
        references.Context.AddLibrary(new(name) { Version = new(version, 0, 0, 0) }, assembly, symbols);
        references.Add(name, assembly.ToArray());
        return [];
    }

    private HashSet<string> UsingsWith(CompilationUnitSyntax cell) =>
        [.. usings, .. cell.Usings.Select(use => use.WithoutTrivia().NormalizeWhitespace().ToFullString())];

    private static string With(IEnumerable<string> usings, string text) => string.Join(' ', usings) + "\n" + text;

    private static SyntaxTree Tree(string text) =>
        CSharpSyntaxTree.ParseText(SourceText.From(text, Encoding.UTF8), new CSharpParseOptions(LanguageVersion.Latest));
}
