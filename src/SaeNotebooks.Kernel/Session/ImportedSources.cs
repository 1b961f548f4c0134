using System.Text.Json;
using System.Text.RegularExpressions;

namespace SaeNotebooks.Kernel.Session;

/// <summary>The C# of a notebook or script, as #!import runs it.</summary>
internal static partial class ImportedSources
{
    private static readonly string[] Silent = ["markdown", "meta"];

    /// <summary>Reads .ipynb and .dib cell by cell, .csx and .cs whole.</summary>
    /// <exception cref="DirectiveException">The file is missing, unreadable or holds another language's code.</exception>
    public static IReadOnlyList<CellSource> Read(string path)
    {
        if (!File.Exists(path)) throw new DirectiveException($"There is no file '{path}' to import.");
        try
        {
            return Path.GetExtension(path).ToLowerInvariant() switch
            {
                ".ipynb" => Cells(path, Notebook(path)),
                ".dib" => Cells(path, Polyglot(File.ReadAllText(path))),
                ".csx" or ".cs" => [new(path, File.ReadAllText(path), Folder(path))],
                _ => throw new DirectiveException($"'{path}' cannot be imported: only .ipynb, .dib, .csx and .cs can."),
            };
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or IOException or UnauthorizedAccessException)
        {
            throw new DirectiveException($"'{path}' cannot be imported: {error.Message}");
        }
    }

    private static IReadOnlyList<CellSource> Cells(string path, IEnumerable<(string Language, string Code)> cells) =>
    [
        .. cells.Select((cell, i) => (cell.Language, cell.Code, Number: i + 1))
            .Where(cell => !Silent.Contains(cell.Language))
            .Select(cell => cell.Language is "csharp" or "c#"
                ? new CellSource($"{Path.GetFileName(path)}, cell {cell.Number}", cell.Code, Folder(path))
                : throw new DirectiveException($"'{path}' cannot be imported: its cell {cell.Number} is in {cell.Language}, and this kernel runs C#.")),
    ];

    private static IEnumerable<(string, string)> Notebook(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        foreach (var cell in document.RootElement.GetProperty("cells").EnumerateArray())
        {
            var source = cell.GetProperty("source");
            var code = source.ValueKind == JsonValueKind.Array ? string.Concat(source.EnumerateArray().Select(line => line.GetString())) : source.GetString()!;
            yield return (cell.GetProperty("cell_type").GetString() == "code" ? Language(cell) : "markdown", code);
        }
    }

    private static string Language(JsonElement cell)
    {
        if (!cell.TryGetProperty("metadata", out var metadata)) return "csharp";
        foreach (var (owner, key) in new[] { ("polyglot_notebook", "kernelName"), ("dotnet_interactive", "language") })
            if (metadata.TryGetProperty(owner, out var of) && of.TryGetProperty(key, out var language)) return language.GetString()!;
        return "csharp";
    }

    // A line that names a language begins a cell of it.
    private static IEnumerable<(string, string)> Polyglot(string text)
    {
        var (language, start) = ("csharp", 0);
        foreach (Match line in LanguagePattern().Matches(text))
        {
            if (text[start..line.Index] is var code && !string.IsNullOrWhiteSpace(code)) yield return (language, code.Trim('\r', '\n'));
            (language, start) = (line.Groups[1].Value.ToLowerInvariant(), line.Index + line.Length);
        }
        if (!string.IsNullOrWhiteSpace(text[start..])) yield return (language, text[start..].Trim('\r', '\n'));
    }

    private static string Folder(string path) => Path.GetDirectoryName(path)!;

    [GeneratedRegex(@"^#!(csharp|c#|fsharp|f#|pwsh|powershell|javascript|js|html|markdown|mermaid|sql|kql|http|value|meta)[ \t]*\r?$",
        RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex LanguagePattern();
}
