using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace SaeNotebooks.Kernel.Session;

/// <summary>Code to run, and where it is from.</summary>
/// <param name="Name">What errors call it, for example "cell 3".</param>
/// <param name="Code">The code.</param>
/// <param name="Folder">What the paths of its #!import are relative to.</param>
internal sealed record CellSource(string Name, string Code, string Folder)
{
    private static readonly CSharpParseOptions Script = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    /// <summary>A cell of the notebook, with its execution count.</summary>
    public static CellSource FromCell(string code, int number) => new($"cell {number}", code, Directory.GetCurrentDirectory());

    /// <summary>Parses code as a cell.</summary>
    /// <param name="code">The code.</param>
    /// <param name="name">What errors call it.</param>
    public static SyntaxTree Parse(string code, string name = "") => CSharpSyntaxTree.ParseText(SourceText.From(code, Encoding.UTF8), Script, name);
}
