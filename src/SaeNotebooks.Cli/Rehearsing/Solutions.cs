using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SaeNotebooks.Cli.Notebooks;

namespace SaeNotebooks.Cli.Rehearsing;

/// <summary>
/// The solutions of a notebook's exercises. The cell with the id <c>exercise-N</c> declares what is to be set and ends with its check; the solution is the first
/// block of C# in the markdown cell <c>solution-N</c>, if it has one.
/// </summary>
internal static partial class Solutions
{
    /// <summary>The notebook as someone leaves it who has put every solution into its exercise.</summary>
    public static NotebookFile Apply(NotebookFile notebook)
    {
        var json = notebook.Json.DeepClone().AsObject();
        foreach (var (exercise, solution) in Of(notebook))
            json["cells"]![exercise.Number - 1]!["source"] = MultilineText.Split(Solved(exercise.Source, solution));
        return NotebookFile.Parse(notebook.Path, json.ToJsonString());
    }

    /// <summary>Exercises that have a solution in C#, with it.</summary>
    public static IReadOnlyList<(Cell Exercise, string Solution)> Of(NotebookFile notebook)
    {
        var solutions = notebook.Cells.Where(c => c.Kind == CellKind.Markdown && c.Id is not null).ToDictionary(c => c.Id!, c => Block().Match(c.Source));
        return [.. notebook.Cells.Where(c => c.Kind == CellKind.Code && c.Id is not null && Exercise().IsMatch(c.Id))
            .Select(c => (Cell: c, Solution: solutions.GetValueOrDefault("solution-" + c.Id!["exercise-".Length..])))
            .Where(pair => pair.Solution is { Success: true }).Select(pair => (pair.Cell, pair.Solution!.Groups[1].Value))];
    }

    /// <summary>Whether a check says that its exercise is solved.</summary>
    public static bool IsRight(string? answer) => answer is not null && Right().IsMatch(answer);

    /// <summary>The solution stands before the check; what it declares, the exercise no longer does.</summary>
    internal static string Solved(string exercise, string solution)
    {
        var declared = Statements(solution).SelectMany(Declared).ToHashSet();
        var kept = Statements(exercise).Where(s => !Declared(s).Any(declared.Contains)).Select(s => s.ToFullString().Trim()).ToList();
        return string.Join("\n", [.. kept.SkipLast(1), solution.Trim(), kept[^1]]);
    }

    private static IEnumerable<MemberDeclarationSyntax> Statements(string code) =>
        CSharpSyntaxTree.ParseText(code, new CSharpParseOptions(kind: SourceCodeKind.Script)).GetCompilationUnitRoot().Members;

    private static IEnumerable<string> Declared(MemberDeclarationSyntax statement) =>
        statement is FieldDeclarationSyntax field ? field.Declaration.Variables.Select(v => v.Identifier.ValueText) : [];

    [GeneratedRegex(@"^exercise-\d+$")]
    private static partial Regex Exercise();

    [GeneratedRegex(@"^```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^(Exercise \d+: right|Right)[.,:]")]
    private static partial Regex Right();
}
