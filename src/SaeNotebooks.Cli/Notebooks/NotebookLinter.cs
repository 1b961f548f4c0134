using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SaeNotebooks.Cli.Notebooks;

/// <summary>One thing in a notebook that some host would not take, or that must not be committed.</summary>
/// <param name="Notebook">the file</param>
/// <param name="Cell">the cell's number from 1, or null for the whole file</param>
/// <param name="Message">what was found and what is expected</param>
internal sealed record LintFinding(string Notebook, int? Cell, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Path.GetFileName(Notebook)}{(Cell is { } n ? $", cell {n}" : "")}: {Message}";
}

/// <summary>Checks a notebook against the rules by which it opens and runs unchanged in every host.</summary>
internal static partial class NotebookLinter
{
    /// <summary>Committed notebooks stay below this, in bytes: they carry a chart's data and an SVG, never plotly.js.</summary>
    public const int MaximumSize = 2_000_000;

    /// <summary>Everything wrong with the notebook at <paramref name="path"/>; empty if nothing is.</summary>
    public static IReadOnlyList<LintFinding> Lint(string path)
    {
        var notebook = NotebookFile.Read(path);
        var size = new FileInfo(path).Length;
        return [.. LintDocument(notebook, size), .. notebook.Cells.SelectMany(c => LintCell(c).Select(m => new LintFinding(path, c.Number, m)))];
    }

    private static IEnumerable<LintFinding> LintDocument(NotebookFile notebook, long size)
    {
        LintFinding Finding(string message) => new(notebook.Path, null, message);
        if (size > MaximumSize) yield return Finding($"is {size:N0} bytes; at most {MaximumSize:N0} are committed");
        if (notebook.Json["nbformat_minor"]?.GetValue<int>() is not >= 5) yield return Finding("nbformat_minor must be 5 or more");
        foreach (var (key, expected) in PolyglotMetadata.ForDocument())
            if (!JsonNode.DeepEquals(notebook.Json["metadata"]?[key], expected))
                yield return Finding($"metadata.{key} must be {expected!.ToJsonString()}");
        foreach (var id in notebook.Cells.Where(c => c.Id is not null).GroupBy(c => c.Id).Where(g => g.Count() > 1))
            yield return Finding($"cells {string.Join(", ", id.Select(c => c.Number))} share the id '{id.Key}'");
        foreach (var name in NotebookParameters.Unknown(notebook)) yield return Finding($"break_it or quick sets '{name}', which the cell of parameters does not declare");
        var code = notebook.Cells.Where(c => c.Kind == CellKind.Code).ToList();
        if (code.Any(c => TorchSharpUse().IsMatch(c.Source)) && !code.Any(c => TorchSharpReference().IsMatch(c.Source)))
            yield return Finding("says 'using TorchSharp' without an #r of it: a reference of the library alone does not bring it into cells");
        if (code.Any(c => c.ExecutionCount is not null) && !code.Select(c => c.ExecutionCount).SequenceEqual(Enumerable.Range(1, code.Count).Cast<int?>()))
            yield return Finding("execution counts must run from 1 to the number of code cells: execute the whole notebook");
    }

    private static IEnumerable<string> LintCell(Cell cell)
    {
        if (cell.Id is null || !CellId().IsMatch(cell.Id))
            yield return $"the id '{cell.Id}' must be 1 to 64 letters, digits, '-' or '_'";
        var messages = cell.Kind switch
        {
            CellKind.Code => LintMetadata(cell).Concat(LintCode(cell.Source)).Concat(LintOutputs(cell)),
            CellKind.Markdown => LintMarkdown(cell.Source),
            _ => ["raw cells are shown differently by every host: use markdown"],
        };
        foreach (var message in messages) yield return message;
    }

    private static IEnumerable<string> LintMetadata(Cell cell)
    {
        foreach (var (key, expected) in PolyglotMetadata.ForCodeCell())
            if (!JsonNode.DeepEquals(cell.Metadata[key], expected)) yield return $"metadata.{key} must be {expected!.ToJsonString()}";
    }

    private static IEnumerable<string> LintCode(string source)
    {
        foreach (Match magic in Magic().Matches(source))
            if (magic.Groups[1].Value != "import") yield return $"'#!{magic.Groups[1].Value}' is one kernel's own: only #r, #i and #!import run everywhere";
        if (InputMagic().IsMatch(source)) yield return "'@input' fails without a person at the keyboard";
        if (HtmlCall().IsMatch(source)) yield return "HTML(\"…\") warns on stderr in .NET Interactive: return a value that displays itself";
        if (DisplayUpdate().IsMatch(source)) yield return "updating what display(…) returned does not work in .NET Interactive";
        if (ExtensionClass().IsMatch(source)) yield return "a static class with extension methods does not compile in .NET Interactive's cells (CS1109)";
        if (HostApi().Match(source) is { Success: true } api) yield return $"'{api.Value.Trim('(')}' is one host's own: the library's displays, Progress and controls work in all";
        if (Waiting().Match(source) is { Success: true } wait) yield return $"'{wait.Value.TrimEnd('(')}' waits for a person: give the value in a cell of parameters";
        if (LoosePackage().Match(source) is { Success: true } loose) yield return $"{loose.Value.Trim()} names no version: another day brings another package";
        if (PlotlyPackage().IsMatch(source)) yield return "Plotly.NET cannot be loaded into .NET Interactive, which carries another FSharp.Core: draw with Chart and Figure";
        if (AbsoluteReference().IsMatch(source)) yield return "'#r' of an absolute path: use one relative to the notebook";
    }

    private static IEnumerable<string> LintMarkdown(string source)
    {
        if (RemoteImage().IsMatch(source)) yield return "an image from the network: keep it beside the notebook";
    }

    private static IEnumerable<string> LintOutputs(Cell cell)
    {
        foreach (var output in cell.Outputs)
        {
            if (output.Type == "error") yield return $"its saved output is an error: {output.Text.Split('\n')[0]}";
            foreach (var text in output.Data.Values.Append(output.Text))
            {
                if (text.Contains("dotnet-interactive-this-cell", StringComparison.Ordinal))
                    yield return "its output holds .NET Interactive's own start-up script: strip it";
                if (PlotlyMarker.Find(text)) yield return "its output carries plotly.js: strip it (run --in-place does)";
                if (PersonalPath().Match(text) is { Success: true } path) yield return $"its output names a folder of one machine: {path.Value}";
            }
            if (output.Data.GetValueOrDefault("text/html")?.Contains("data-sae-figure", StringComparison.Ordinal) == true && !output.Data.Keys.Any(k => k.StartsWith("image/", StringComparison.Ordinal)))
                yield return "its output has a chart and no picture of it, so code hosts, which strip scripts, show none";
            if (output.Data.TryGetValue("text/html", out var html) && Export.ExternalResources.Find(html) is [var first, ..])
                yield return $"its output loads from the network: {first}";
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,64}$")]
    private static partial Regex CellId();

    [GeneratedRegex(@"^\s*#!([\w-]+)", RegexOptions.Multiline)]
    private static partial Regex Magic();

    [GeneratedRegex(@"^\s*#.*@input\b", RegexOptions.Multiline)]
    private static partial Regex InputMagic();

    [GeneratedRegex(@"\bHTML\s*\(\s*[$@]*""")]
    private static partial Regex HtmlCall();

    [GeneratedRegex(@"\bdisplay\s*\([^;]*\)\s*\.Update\s*\(|\b(\w+)\s*=\s*display\s*\((?s:.*?)\b\1\.Update\s*\(")]
    private static partial Regex DisplayUpdate();

    [GeneratedRegex(@"\bstatic\s+(partial\s+)?class\b(?s:.*?)\(\s*this\s+\w")]
    private static partial Regex ExtensionClass();

    [GeneratedRegex(@"\bKernelInvocationContext\b|\bMicrosoft\.DotNet\.Interactive\b|\bClearOutput\(")]
    private static partial Regex HostApi();

    [GeneratedRegex(@"\b(Console\.Read(Line|Key)?|GetInputAsync|GetPasswordAsync)\s*\(")]
    private static partial Regex Waiting();

    [GeneratedRegex(@"^\s*#r\s+""nuget:[^,""]*""", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex LoosePackage();

    [GeneratedRegex(@"^\s*#r\s+""[^""]*\bPlotly\.NET\b", RegexOptions.Multiline)]
    private static partial Regex PlotlyPackage();

    [GeneratedRegex(@"^\s*using\s+(static\s+)?TorchSharp\b", RegexOptions.Multiline)]
    private static partial Regex TorchSharpUse();

    [GeneratedRegex(@"^\s*#r\s+""[^""]*\bTorchSharp\b", RegexOptions.Multiline)]
    private static partial Regex TorchSharpReference();

    [GeneratedRegex(@"^\s*#r\s+""(/|[A-Za-z]:)", RegexOptions.Multiline)]
    private static partial Regex AbsoluteReference();

    [GeneratedRegex(@"!\[[^\]]*\]\(\s*<?https?:|<img\b[^>]*\bsrc\s*=\s*[""']?https?:", RegexOptions.IgnoreCase)]
    private static partial Regex RemoteImage();

    [GeneratedRegex(@"(?<![\w.])/(root|home/\w+|Users/\w+|tmp)/[\w./-]*|\b[A-Z]:\\Users\\\w+")]
    private static partial Regex PersonalPath();
}
