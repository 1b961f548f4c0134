using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Host.Mef;

namespace SaeNotebooks.Kernel.Assistance;

/// <summary>The cells as documents of Roslyn's own editing services: a project for each, which continues the one before. For one thread at a time.</summary>
internal sealed class CellWorkspace
{
    private readonly Dictionary<Compilation, ProjectId> known = new(ReferenceEqualityComparer.Instance);
    private Solution solution = new AdhocWorkspace(MefHostServices.DefaultHost).CurrentSolution;

    /// <summary>The document of a cell that has not run, after all those that have.</summary>
    public Document Open(CSharpCompilation cell)
    {
        var earlier = new Stack<Compilation>();
        for (var at = Previous(cell); at is not null && !known.ContainsKey(at); at = Previous(at)) earlier.Push(at);
        foreach (var ran in earlier) solution = Add(ran, known[ran] = ProjectId.CreateNewId());
        // Bound here once: what is bound only in the solution with the new cell is forgotten with it.
        if (earlier.Count > 0) solution.GetProject(known[Previous(cell)!])!.GetCompilationAsync().GetAwaiter().GetResult();
        var id = ProjectId.CreateNewId();
        return Add(cell, id).GetProject(id)!.Documents.Single();
    }

    private Solution Add(Compilation cell, ProjectId id)
    {
        var tree = cell.SyntaxTrees.Last();
        var document = DocumentInfo.Create(DocumentId.CreateNewId(id), "cell", sourceCodeKind: SourceCodeKind.Script,
            loader: TextLoader.From(TextAndVersion.Create(tree.GetText(), VersionStamp.Create())));
        return solution.AddProject(ProjectInfo.Create(id, VersionStamp.Create(), cell.AssemblyName!, cell.AssemblyName!, LanguageNames.CSharp,
            compilationOptions: cell.Options, parseOptions: tree.Options, documents: [document], isSubmission: true,
            projectReferences: Previous(cell) is { } previous ? [new ProjectReference(known[previous])] : [],
            metadataReferences: ((CSharpCompilation)cell).ExternalReferences));
    }

    private static Compilation? Previous(Compilation cell) => cell.ScriptCompilationInfo?.PreviousScriptCompilation;
}
