using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SaeNotebooks.Cli.Notebooks;

/// <summary>
/// Makes an executed notebook the same whichever client executed it: Polyglot metadata, no timings, execution counts from 1,
/// text as lines, keys in order, no views of widgets, whose models ended with the kernel. For committing it also takes plotly.js out, which any one chart-drawing cell emits.
/// </summary>
internal static class NotebookNormaliser
{
    private static readonly string[] ClientCellMetadata = ["execution", "collapsed", "scrolled", "vscode", "ExecuteTime"];

    // The view of a model that lived in the kernel: without it, front ends with widgets say that they cannot find it; others show the HTML anyway.
    private const string WidgetView = "application/vnd.jupyter.widget-view+json";

    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        IndentSize = 1,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The normalised JSON text of an executed notebook.</summary>
    /// <param name="executed">the notebook as a client wrote it</param>
    /// <param name="withoutPlotlyScript">whether plotly.js is taken out of the outputs</param>
    public static string Normalise(NotebookFile executed, bool withoutPlotlyScript)
    {
        var json = executed.Json.DeepClone().AsObject();
        json["metadata"] = PolyglotMetadata.ForDocument();
        json["nbformat"] = 4;
        json["nbformat_minor"] = 5;
        var count = 0;
        foreach (var cell in json["cells"]!.AsArray().Select(c => c!.AsObject()))
        {
            NormaliseMetadata(cell);
            cell["source"] = MultilineText.Split(MultilineText.Join(cell["source"]));
            if (cell["cell_type"]!.GetValue<string>() == "code") NormaliseCode(cell, ++count, withoutPlotlyScript);
        }
        return Sorted(json)!.ToJsonString(Format).ReplaceLineEndings("\n") + "\n";
    }

    private static void NormaliseMetadata(JsonObject cell)
    {
        if (cell["metadata"] is not JsonObject) cell["metadata"] = new JsonObject();
        var metadata = cell["metadata"]!.AsObject();
        foreach (var key in ClientCellMetadata) metadata.Remove(key);
        if (cell["cell_type"]!.GetValue<string>() != "code") return;
        foreach (var (key, value) in PolyglotMetadata.ForCodeCell()) metadata[key] = value!.DeepClone();
    }

    private static void NormaliseCode(JsonObject cell, int count, bool withoutPlotlyScript)
    {
        cell["execution_count"] = count;
        var outputs = new JsonArray();
        foreach (var output in (cell["outputs"] as JsonArray ?? []).Select(o => o!.DeepClone().AsObject()))
            if (NormaliseOutput(output, count, withoutPlotlyScript)) outputs.Add(output);
        cell["outputs"] = outputs;
    }

    /// <summary>Returns false for an output that held nothing but what was taken out.</summary>
    private static bool NormaliseOutput(JsonObject output, int count, bool withoutPlotlyScript)
    {
        if (output.ContainsKey("execution_count")) output["execution_count"] = count;
        if (output["text"] is { } stream) output["text"] = MultilineText.Split(MultilineText.Join(stream));
        if (output["data"] is not JsonObject data) return true;
        data.Remove(WidgetView);

        foreach (var (mime, value) in data.ToList())
        {
            if (IsJson(mime)) continue;
            var text = MultilineText.Join(value);
            if (text.Contains("dotnet-interactive-this-cell", StringComparison.Ordinal)) return false;
            if (mime == "text/html" && withoutPlotlyScript && PlotlyMarker.Find(text))
            {
                text = PlotlyMarker.Remove(text);
                if (text.Trim().Length == 0) return false;
            }
            data[mime] = MultilineText.Split(text);
        }
        return true;
    }

    private static bool IsJson(string mime) => mime == "application/json" || mime.EndsWith("+json", StringComparison.Ordinal);

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
