using System.Text.Json;
using System.Text.Json.Nodes;

namespace SaeNotebooks.Cli.Notebooks;

/// <summary>A notebook file (nbformat 4) as read: the parsed cells, and the JSON they came from.</summary>
/// <param name="Path">the file</param>
/// <param name="Json">the whole document</param>
/// <param name="Cells">its cells, in order</param>
public sealed record NotebookFile(string Path, JsonObject Json, IReadOnlyList<Cell> Cells)
{
    /// <summary>The file's name without its extension.</summary>
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>The text of its first heading, or its name.</summary>
    public string Title =>
        Cells.Where(c => c.Kind == CellKind.Markdown).SelectMany(c => c.Source.Split('\n'))
            .FirstOrDefault(l => l.StartsWith("# ", StringComparison.Ordinal))?[2..].Trim() ?? Name;

    /// <summary>Reads a notebook.</summary>
    /// <exception cref="CliException">the file is missing or not an nbformat 4 notebook</exception>
    public static NotebookFile Read(string path)
    {
        if (!File.Exists(path)) throw new CliException($"There is no notebook '{path}'.");
        try
        {
            return Parse(path, File.ReadAllText(path));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new CliException($"'{path}' is not a notebook: {e.Message}", e);
        }
    }

    /// <summary>Parses a notebook from its JSON text.</summary>
    public static NotebookFile Parse(string path, string text)
    {
        if (JsonNode.Parse(text) is not JsonObject json || json["cells"] is not JsonArray cells)
            throw new JsonException("expected an object with a 'cells' array");
        if (json["nbformat"]?.GetValue<int>() != 4) throw new JsonException("expected nbformat 4");
        return new NotebookFile(path, json, [.. cells.Select((c, i) => Cell.Parse(i + 1, c!.AsObject()))]);
    }
}
