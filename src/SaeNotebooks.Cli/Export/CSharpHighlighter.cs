using System.Net;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SaeNotebooks.Cli.Export;

/// <summary>Colours C# by its syntax tree: keywords, strings, numbers, comments, types and method names.</summary>
internal static class CSharpHighlighter
{
    private static readonly CSharpParseOptions Script = CSharpParseOptions.Default.WithKind(SourceCodeKind.Script);

    /// <summary>HTML whose text is exactly <paramref name="code"/>, with <c>span</c>s of class k, s, n, c, t, m and p.</summary>
    public static string ToHtml(string code)
    {
        var html = new StringBuilder();
        foreach (var token in CSharpSyntaxTree.ParseText(code, Script).GetRoot().DescendantTokens())
        {
            foreach (var trivia in token.LeadingTrivia) Append(html, trivia.ToFullString(), ClassOf(trivia));
            Append(html, token.Text, ClassOf(token));
            foreach (var trivia in token.TrailingTrivia) Append(html, trivia.ToFullString(), ClassOf(trivia));
        }
        return html.ToString();
    }

    private static void Append(StringBuilder html, string text, char? style)
    {
        var encoded = WebUtility.HtmlEncode(text);
        if (style is { } c && text.Length > 0) html.Append($"<span class=\"{c}\">{encoded}</span>");
        else html.Append(encoded);
    }

    private static char? ClassOf(SyntaxTrivia trivia) =>
        trivia.IsDirective ? 'p' : trivia.Kind().ToString().Contains("Comment", StringComparison.Ordinal) ? 'c' : null;

    private static char? ClassOf(SyntaxToken token) => token.Kind() switch
    {
        SyntaxKind.NumericLiteralToken => 'n',
        SyntaxKind.IdentifierToken => ClassOfName(token),
        var kind when kind.ToString().Contains("String", StringComparison.Ordinal) && !token.IsKeyword()
            || kind == SyntaxKind.CharacterLiteralToken => 's',
        _ => token.IsKeyword() ? 'k' : null,
    };

    private static char? ClassOfName(SyntaxToken token) => token.Parent switch
    {
        BaseTypeDeclarationSyntax or TypeParameterSyntax => 't',
        MethodDeclarationSyntax or LocalFunctionStatementSyntax => 'm',
        IdentifierNameSyntax { IsVar: true } => 'k',
        SimpleNameSyntax name when IsCalled(name) => 'm',
        SimpleNameSyntax name when SyntaxFacts.IsInTypeOnlyContext(name) => 't',
        _ => null,
    };

    private static bool IsCalled(SimpleNameSyntax name) =>
        name.Parent is InvocationExpressionSyntax
        || name.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax call } access
            && access.Name == name && call.Expression == access;
}
