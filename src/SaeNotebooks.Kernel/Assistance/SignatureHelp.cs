using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SaeNotebooks.Kernel.Assistance;

/// <summary>The signatures of the call whose arguments are being written, and the parameter that is next.</summary>
internal static class SignatureHelp
{
    private static readonly SymbolDisplayFormat Format = SymbolDisplayFormat.CSharpShortErrorMessageFormat
        .WithParameterOptions(SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeType
            | SymbolDisplayParameterOptions.IncludeDefaultValue | SymbolDisplayParameterOptions.IncludeParamsRefOut)
        .WithMemberOptions(SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType);

    /// <summary>Finds the innermost call around the position.</summary>
    /// <returns>One explanation for each overload, the one that fits best first; none outside of a call's parentheses.</returns>
    public static IReadOnlyList<HelpText> Find(Compilation compilation, int position, CancellationToken token)
    {
        var tree = compilation.SyntaxTrees.Last();
        var at = tree.GetRoot(token).FindToken(Math.Max(0, position - 1)).Parent;
        var arguments = at?.AncestorsAndSelf().OfType<BaseArgumentListSyntax>().FirstOrDefault(list => IsInside(list, position));
        if (arguments?.Parent is not { } call) return [];
        var index = arguments.Arguments.GetSeparators().Count(comma => comma.Span.End <= position);
        var model = compilation.GetSemanticModel(tree);
        var chosen = model.GetSymbolInfo(call, token).Symbol;
        return
        [
            .. Overloads(model, call, token).OrderByDescending(overload => Fit(overload, chosen, arguments, model))
                .Select(overload => Help(overload, index, token)),
        ];
    }

    private static bool IsInside(BaseArgumentListSyntax list, int position) =>
        list.SpanStart < position && (list.GetLastToken(includeZeroWidth: true).IsMissing || position < list.Span.End);

    private static IEnumerable<ISymbol> Overloads(SemanticModel model, SyntaxNode call, CancellationToken token) => call switch
    {
        InvocationExpressionSyntax invocation when model.GetMemberGroup(invocation.Expression, token) is { Length: > 0 } group => group,
        InvocationExpressionSyntax { Expression: var function }
            when model.GetTypeInfo(function, token).Type is INamedTypeSymbol { DelegateInvokeMethod: { } invoke } => [invoke],
        BaseObjectCreationExpressionSyntax creation when model.GetTypeInfo(creation, token).Type is INamedTypeSymbol type =>
            type.InstanceConstructors.Where(constructor => constructor.DeclaredAccessibility == Accessibility.Public),
        ElementAccessExpressionSyntax access when model.GetTypeInfo(access.Expression, token).Type is { } type =>
            type.GetMembers().OfType<IPropertySymbol>().Where(property => property.IsIndexer),
        _ => [],
    };

    // The overload that the compiler would choose; else one that takes this many arguments; else one that takes the given as they are.
    private static (bool, bool, int) Fit(ISymbol overload, ISymbol? chosen, BaseArgumentListSyntax arguments, SemanticModel model)
    {
        var parameters = Parameters(overload);
        var exact = arguments.Arguments.Zip(parameters).Count(pair => model.ClassifyConversion(pair.First.Expression, pair.Second.Type).IsIdentity);
        var takesAll = parameters.Length >= arguments.Arguments.Count || parameters is [.., { IsParams: true }];
        return (SymbolEqualityComparer.Default.Equals(overload, chosen), takesAll, exact);
    }

    private static HelpText Help(ISymbol overload, int index, CancellationToken token)
    {
        var documentation = overload.GetDocumentationCommentXml(cancellationToken: token);
        var parameters = Parameters(overload);
        var next = index < parameters.Length ? parameters[index] : parameters is [.., { IsParams: true } last] ? last : null;
        List<string> lines = [DocumentationText.Of(documentation, "summary")];
        if (next is not null) lines.Add($"{next.Name}: {DocumentationText.Of(documentation, "param", next.Name)}".TrimEnd(' ', ':'));
        return new(overload.ToDisplayString(Format), string.Join("\n", lines.Where(line => line.Length > 0)));
    }

    private static System.Collections.Immutable.ImmutableArray<IParameterSymbol> Parameters(ISymbol overload) => overload switch
    {
        IMethodSymbol method => method.Parameters,
        IPropertySymbol property => property.Parameters,
        _ => [],
    };
}
