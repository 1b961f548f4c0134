using System.Text.Json.Nodes;

namespace SaeNotebooks.Cli.Notebooks;

/// <summary>What a cell holds.</summary>
public enum CellKind
{
    /// <summary>Code to execute.</summary>
    Code,
    /// <summary>Markdown text.</summary>
    Markdown,
    /// <summary>Text that is passed on as it is.</summary>
    Raw,
}

/// <summary>One cell of a notebook.</summary>
/// <param name="Number">position in the notebook, from 1</param>
/// <param name="Kind">code, markdown or raw</param>
/// <param name="Id">the cell's id, or null in files older than nbformat 4.5</param>
/// <param name="Source">its text, lines ended by <c>\n</c></param>
/// <param name="Metadata">the cell's metadata</param>
/// <param name="Outputs">what it printed and displayed, in order</param>
/// <param name="ExecutionCount">its number in the order of execution, or null</param>
public sealed record Cell(int Number, CellKind Kind, string? Id, string Source, JsonObject Metadata,
    IReadOnlyList<CellOutput> Outputs, int? ExecutionCount)
{
    /// <summary>The first line that is not blank: how a cell is named to a person.</summary>
    public string FirstLine =>
        Source.Split('\n').Select(l => l.Trim()).FirstOrDefault(l => l.Length > 0) ?? "(empty)";

    /// <summary>The cell's tags, as Jupyter and Jupyter Book use them (<c>hide-input</c>, <c>remove-input</c> …).</summary>
    public IReadOnlyList<string> Tags =>
        Metadata["tags"] is JsonArray tags ? [.. tags.Select(t => t!.GetValue<string>())] : [];

    /// <summary>The slide type of Jupyter's slideshow metadata, or null.</summary>
    public string? SlideType => Metadata["slideshow"]?["slide_type"]?.GetValue<string>();

    internal static Cell Parse(int number, JsonObject json)
    {
        var kind = json["cell_type"]?.GetValue<string>() switch
        {
            "code" => CellKind.Code,
            "markdown" => CellKind.Markdown,
            "raw" => CellKind.Raw,
            var other => throw new FormatException($"cell {number} has cell_type '{other}'"),
        };
        var outputs = json["outputs"] as JsonArray ?? [];
        return new Cell(number, kind, json["id"]?.GetValue<string>(), MultilineText.Join(json["source"]),
            json["metadata"] as JsonObject ?? [], [.. outputs.Select(o => CellOutput.Parse(o!.AsObject()))],
            json["execution_count"]?.GetValue<int>());
    }
}

/// <summary>One output of a code cell.</summary>
/// <param name="Type">nbformat's output_type: stream, display_data, execute_result or error</param>
/// <param name="Data">MIME type to content; JSON types hold their JSON text</param>
/// <param name="Text">the text of a stream, or an error's name, message and trace</param>
public sealed record CellOutput(string Type, IReadOnlyDictionary<string, string> Data, string Text)
{
    /// <summary>Whether it shows something other than text.</summary>
    public bool IsRich => Data.Keys.Any(k => k is not ("text/plain" or "text/markdown" or "text/latex"));

    internal static CellOutput Parse(JsonObject json)
    {
        var type = json["output_type"]?.GetValue<string>() ?? throw new FormatException("an output has no output_type");
        var data = (json["data"] as JsonObject ?? []).ToDictionary(p => p.Key, p => MultilineText.Join(p.Value));
        return new CellOutput(type, data, type switch
        {
            "stream" => MultilineText.Join(json["text"]),
            "error" => ErrorText(json),
            _ => "",
        });
    }

    private static string ErrorText(JsonObject json)
    {
        var trace = json["traceback"] is JsonArray lines ? string.Join("\n", lines.Select(l => l!.GetValue<string>())) : "";
        var head = $"{json["ename"]?.GetValue<string>()}: {json["evalue"]?.GetValue<string>()}";
        return trace.Length > 0 ? trace : head;
    }
}

/// <summary>nbformat stores text as one string or as a list of lines; this reads both and writes the list.</summary>
internal static class MultilineText
{
    /// <summary>One string; any other JSON value becomes its JSON text.</summary>
    public static string Join(JsonNode? value) => value switch
    {
        null => "",
        JsonArray lines when lines.All(l => l?.GetValueKind() == System.Text.Json.JsonValueKind.String) =>
            string.Concat(lines.Select(l => l!.GetValue<string>())),
        JsonValue text when text.GetValueKind() == System.Text.Json.JsonValueKind.String => text.GetValue<string>(),
        _ => value.ToJsonString(),
    };

    /// <summary>A list of lines, each but the last with its line end.</summary>
    public static JsonArray Split(string text)
    {
        var lines = new JsonArray();
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf('\n', at) is var newline and >= 0 ? newline + 1 : text.Length;
            lines.Add(text[at..end]);
            at = end;
        }
        return lines;
    }
}
