using System.Text.Json.Nodes;

namespace SaeNotebooks.Figures;

/// <summary>A dashed line across a chart with a label at its end: a baseline, a threshold, a chance level.</summary>
internal static class ReferenceLine
{
    public static void Add(JsonObject layout, string label, double? x, double? y)
    {
        var (across, along) = y is null ? ("x", "y") : ("y", "x");
        var at = y ?? x!.Value;
        Append(layout, "shapes", new JsonObject
        {
            ["type"] = "line", [across + "0"] = at, [across + "1"] = at, [along + "0"] = 0, [along + "1"] = 1, [along + "ref"] = "paper",
            ["line"] = new JsonObject { ["color"] = Palette.NeutralText, ["width"] = 1.5, ["dash"] = "dash" },
        });
        Append(layout, "annotations", new JsonObject
        {
            ["text"] = PlotlyText.Escape(label), ["showarrow"] = false, [across] = at, [along] = 1, [along + "ref"] = "paper",
            ["xanchor"] = y is null ? "left" : "right", ["yanchor"] = y is null ? "top" : "bottom", ["font"] = new JsonObject { ["size"] = 12 },
        });
    }

    private static void Append(JsonObject layout, string list, JsonObject entry)
    {
        if (layout[list] is not JsonArray entries) layout[list] = entries = [];
        entries.Add(entry);
    }
}
