using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;
using SaeNotebooks.Kernel.Session;

namespace SaeNotebooks.Kernel.Assistance;

/// <summary>What can stand at a place in a cell.</summary>
/// <param name="Start">Where what it replaces begins, in UTF-16 units.</param>
/// <param name="End">Where that ends.</param>
/// <param name="Matches">Texts, best first, and what each is, such as "method" or "keyword".</param>
internal sealed record Completions(int Start, int End, IReadOnlyList<(string Text, string Type)> Matches)
{
    /// <summary>Asks Roslyn's completion service.</summary>
    /// <param name="document">The cell.</param>
    /// <param name="code">Its text.</param>
    /// <param name="position">The cursor, in UTF-16 units.</param>
    /// <param name="token">Ends the search.</param>
    public static async Task<Completions> FindAsync(Document document, string code, int position, CancellationToken token)
    {
        if (Magics(code, position) is { Matches.Count: > 0 } magics) return magics;
        var service = CompletionService.GetService(document)!;
        var found = await service.GetCompletionsAsync(document, position, cancellationToken: token);
        var typed = code[found.Span.Start..Math.Max(found.Span.Start, position)];
        var matches = found.ItemsList
            .Where(item => !item.IsComplexTextEdit && !item.Tags.Contains("Snippet"))
            .Where(item => item.FilterText.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .OrderBy(item => item.FilterText.StartsWith(typed, StringComparison.Ordinal) ? 0 : 1).ThenByDescending(item => item.Rules.MatchPriority)
            .ThenBy(item => item.SortText, StringComparer.OrdinalIgnoreCase)
            .Select(item => (item.DisplayText, Type(item))).DistinctBy(match => match.DisplayText);
        return new(found.Span.Start, position, [.. matches]);
    }

    private static Completions? Magics(string code, int position)
    {
        var start = code.LastIndexOf('\n', Math.Max(0, position - 1)) + 1;
        if (position < start + 2 || !code.AsSpan(start).StartsWith("#!")) return null;
        var typed = code[start..position];
        return new(start, position,
            [.. CellDirectives.Magics.Where(magic => magic.StartsWith(typed, StringComparison.OrdinalIgnoreCase)).Select(magic => (magic, "magic"))]);
    }

    // In the words that Jupyter's front ends have icons for.
    private static string Type(CompletionItem item) => item.Tags.FirstOrDefault() switch
    {
        "Method" or "ExtensionMethod" => "function",
        "Namespace" => "module",
        "Local" or "Parameter" or "RangeVariable" => "instance",
        "Structure" => "class",
        { } tag => tag.ToLowerInvariant(),
        null => "text",
    };
}
