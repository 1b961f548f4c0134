using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SaeNotebooks.Cli.Notebooks;

/// <summary>
/// Values for a notebook's parameters, given from outside in the way of papermill: a cell tagged <c>parameters</c> declares them with
/// their defaults, and a cell with other values is put behind it.
/// </summary>
internal static class NotebookParameters
{
    private const string Tag = "parameters", InjectedTag = "injected-parameters";

    /// <summary>The notebook with other values for its parameters.</summary>
    /// <param name="notebook">the notebook</param>
    /// <param name="settings"><c>name=value</c> each; a value is a C# literal such as 0.5 or true, or else a string</param>
    /// <exception cref="CliException">a setting is malformed, or the notebook has no such parameter</exception>
    public static NotebookFile Apply(NotebookFile notebook, IReadOnlyList<string> settings)
    {
        if (settings.Count == 0) return notebook;
        var cell = Cell(notebook)
            ?? throw new CliException($"{notebook.Name} has no cell tagged '{Tag}', so it takes no parameters.");
        var known = Declared(cell.Source);
        var code = string.Join('\n', settings.Select(setting => Assignment(notebook.Name, setting, known)));
        var json = notebook.Json.DeepClone().AsObject();
        json["cells"]!.AsArray().Insert(cell.Number, Injected(code));
        return NotebookFile.Parse(notebook.Path, json.ToJsonString());
    }

    /// <summary>Settings with which the notebook still runs to its end, each of them one change that a presenter may make: <c>break_it</c> in the metadata of the
    /// cell of parameters, as <c>name=value</c>.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> BreakIt(NotebookFile notebook) =>
        [.. (Metadata(notebook, "break_it") as JsonArray ?? []).Select(Settings)];

    /// <summary>Settings with which it runs in seconds on a model of any kind: <c>quick</c> in the same place.</summary>
    public static IReadOnlyList<string> Quick(NotebookFile notebook) => Settings(Metadata(notebook, "quick"));

    /// <summary>What <c>break_it</c> and <c>quick</c> set although the cell declares no such variable.</summary>
    public static IReadOnlyList<string> Unknown(NotebookFile notebook) => Cell(notebook) is not { } cell ? []
        : [.. BreakIt(notebook).SelectMany(settings => settings).Concat(Quick(notebook)).Select(s => s.Split('=')[0]).Except(Declared(cell.Source))];

    /// <summary>Whether it has a parameter of that name.</summary>
    public static bool Has(NotebookFile notebook, string parameter) => Cell(notebook) is { } cell && Declared(cell.Source).Contains(parameter);

    private static Cell? Cell(NotebookFile notebook) => notebook.Cells.FirstOrDefault(c => c.Kind == CellKind.Code && c.Tags.Contains(Tag));

    private static JsonNode? Metadata(NotebookFile notebook, string key) => Cell(notebook)?.Metadata[key];

    private static IReadOnlyList<string> Settings(JsonNode? values) => [.. (values as JsonObject ?? []).Select(v => $"{v.Key}={v.Value}")];

    private static IReadOnlyList<string> Declared(string source) =>
    [
        .. CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(kind: Microsoft.CodeAnalysis.SourceCodeKind.Script)).GetRoot()
            .DescendantNodes().OfType<VariableDeclaratorSyntax>().Select(variable => variable.Identifier.ValueText),
    ];

    private static string Assignment(string notebook, string setting, IReadOnlyList<string> known)
    {
        var parts = setting.Split('=', 2);
        if (parts.Length < 2) throw new CliException($"'{setting}' is no parameter: write name=value.");
        var name = parts[0].Trim();
        return known.Contains(name) ? $"{name} = {Literal(parts[1].Trim())};"
            : throw new CliException($"{notebook} has no parameter '{name}'; it has {string.Join(", ", known)}.");
    }

    private static string Literal(string value)
    {
        var expression = SyntaxFactory.ParseExpression(value);
        var unsigned = expression is PrefixUnaryExpressionSyntax { OperatorToken.ValueText: "-" } minus ? minus.Operand : expression;
        return unsigned is LiteralExpressionSyntax && !expression.ContainsDiagnostics ? value : SymbolDisplay.FormatLiteral(value, quote: true);
    }

    private static JsonObject Injected(string code)
    {
        var metadata = PolyglotMetadata.ForCodeCell();
        metadata["tags"] = new JsonArray(InjectedTag);
        return new()
        {
            ["cell_type"] = "code", ["execution_count"] = null, ["id"] = InjectedTag, ["metadata"] = metadata, ["outputs"] = new JsonArray(),
            ["source"] = MultilineText.Split(code),
        };
    }
}
