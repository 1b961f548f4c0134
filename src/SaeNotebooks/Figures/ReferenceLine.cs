using System.Text.Json.Nodes;
using SaeNotebooks.Figures.Svg;

namespace SaeNotebooks.Figures;

/// <summary>
/// A dashed line across a chart with a label at its end: a baseline, a threshold, a chance level. The label of a horizontal line stands right of the plot,
/// where no mark can lie under it, and the legend makes room for it above the plot.
/// </summary>
internal static class ReferenceLine
{
    /// <summary>Size of the label on a slide, the larger of the two that it is shown in.</summary>
    private const double LabelSize = 15;

    public static void Add(JsonObject root, string label, double? x, double? y)
    {
        var layout = (JsonObject)root["layout"]!;
        var (across, along) = y is null ? ("x", "y") : ("y", "x");
        var at = y ?? x!.Value;
        Append(layout, "shapes", new JsonObject
        {
            ["type"] = "line", [across + "0"] = at, [across + "1"] = at, [along + "0"] = 0, [along + "1"] = 1, [along + "ref"] = "paper",
            ["line"] = new JsonObject { ["color"] = Palette.NeutralText, ["width"] = 1.5, ["dash"] = "dash" },
        });
        if (label.Length == 0) return;
        Append(layout, "annotations", new JsonObject
        {
            ["text"] = PlotlyText.Escape(label), ["showarrow"] = false, [across] = at, [along] = 1, [along + "ref"] = "paper",
            ["xanchor"] = "left", ["yanchor"] = y is null ? "top" : "middle", ["font"] = new JsonObject { ["size"] = 12 },
        });
        if (y is not null) MakeRoom(root.Array("data"), layout, label);
    }

    private static void MakeRoom(JsonArray traces, JsonObject layout, string label)
    {
        var right = Math.Max(12 + TextWidth.Of(label, LabelSize), layout.Number("margin.r") ?? 0);
        FigurePath.Set(layout, "margin.r", Math.Ceiling(right));
        if (TopLegend.IsIn(layout)) return;
        layout["legend"] = new JsonObject { ["orientation"] = "h", ["x"] = 0, ["y"] = 1, ["yanchor"] = "bottom" };
        var height = TopLegend.Height(traces, right);
        if (height == 0) return;
        FigurePath.Set(layout, "margin.t", (layout.Number("margin.t") ?? 0) + height);
        foreach (var (attribute, value) in new (string, JsonNode)[] { ("y", 1), ("yanchor", "top"), ("pad.t", TopLegend.TitlePad(layout.Text("title.text") ?? "")) })
            FigurePath.Set(layout, $"title.{attribute}", value);
    }

    private static void Append(JsonObject layout, string list, JsonObject entry)
    {
        if (layout[list] is not JsonArray entries) layout[list] = entries = [];
        entries.Add(entry);
    }
}
