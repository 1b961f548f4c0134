using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace SaeNotebooks.Kernel.Session;

/// <summary>The types that a cell declares, seen as types of a library.</summary>
internal static class CellTypes
{
    private static readonly SyntaxKind[] Accessibilities =
        [SyntaxKind.PublicKeyword, SyntaxKind.InternalKeyword, SyntaxKind.PrivateKeyword, SyntaxKind.ProtectedKeyword, SyntaxKind.FileKeyword];

    /// <summary>All types that the cell declares at its top.</summary>
    public static IReadOnlyList<MemberDeclarationSyntax> In(CompilationUnitSyntax cell) =>
        [.. cell.Members.Where(member => member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax)];

    /// <summary>Whether a type is a static class with extension methods, which must be at the top of a program.</summary>
    public static bool IsExtensionClass(MemberDeclarationSyntax type) =>
        type is ClassDeclarationSyntax { Members: var members } && members.Any(member => member is ExtensionBlockDeclarationSyntax
            || member is MethodDeclarationSyntax { ParameterList.Parameters: [var first, ..] } && first.Modifiers.Any(SyntaxKind.ThisKeyword));

    /// <summary>The type's name, with the number of its type parameters if it has any.</summary>
    public static string Name(MemberDeclarationSyntax type) => type switch
    {
        TypeDeclarationSyntax { TypeParameterList: { } parameters } generic => $"{generic.Identifier.ValueText}`{parameters.Parameters.Count}",
        BaseTypeDeclarationSyntax named => named.Identifier.ValueText,
        DelegateDeclarationSyntax function => function.Identifier.ValueText,
        _ => throw new ArgumentException($"A {type.Kind()} is not a type.", nameof(type)),
    };

    /// <summary>The type's source as a public one, with its lines and columns of the cell.</summary>
    public static string ToTopLevel(MemberDeclarationSyntax type)
    {
        var source = type.SyntaxTree.GetText();
        var head = type.AttributeLists.Count > 0 ? type.AttributeLists.Last().GetLastToken().GetNextToken() : type.GetFirstToken();
        var text = source.ToString(TextSpan.FromBounds(head.SpanStart, type.Span.End)).ToCharArray();
        foreach (var modifier in type.Modifiers.Where(modifier => Accessibilities.Contains(modifier.Kind())))
            text.AsSpan(modifier.SpanStart - head.SpanStart, modifier.Span.Length).Fill(' ');
        var place = source.Lines.GetLinePosition(head.SpanStart);
        var attributes = source.ToString(TextSpan.FromBounds(type.SpanStart, head.SpanStart));
        return $"{attributes}\npublic\n#line {place.Line + 1} \"{type.SyntaxTree.FilePath}\"\n{new string(' ', place.Character)}{new string(text)}";
    }

    /// <summary>The cell's source without the given types, on the lines that it has in the cell.</summary>
    public static string Without(CompilationUnitSyntax cell, IEnumerable<MemberDeclarationSyntax> types)
    {
        var text = cell.SyntaxTree.GetText().ToString().ToCharArray();
        foreach (var span in types.Select(type => type.Span))
            for (var i = span.Start; i < span.End; i++) if (text[i] is not ('\r' or '\n')) text[i] = ' ';
        return new string(text);
    }
}
