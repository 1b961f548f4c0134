using System.Text.Json.Nodes;

namespace SaeNotebooks.Figures;

/// <summary>Series that are controls, by their names: "control: any token", "repeat prompt (control)".</summary>
internal static class ControlSeries
{
    private static readonly string[] Dashes = ["solid", "dot", "dash", "dashdot"];

    /// <summary>The figure with its controls in grey, whatever else it shows; lines of several are told apart by their dashes.</summary>
    public static Figure Grey(Figure figure, IReadOnlyList<string> names)
    {
        int[] controls = [.. Enumerable.Range(0, names.Count).Where(i => IsControl(names[i]))];
        foreach (var (rank, trace) in controls.Index())
        {
            var isLine = figure.Get($"data[{trace}].line") is JsonObject;
            figure = figure.WithTrace(trace, isLine ? "line.color" : "marker.color", Palette.Control);
            if (isLine) figure = figure.WithTrace(trace, "line.dash", Dashes[rank % Dashes.Length]);
        }
        return figure;
    }

    private static bool IsControl(string name) =>
        name.StartsWith("control", StringComparison.OrdinalIgnoreCase) || name.EndsWith("(control)", StringComparison.OrdinalIgnoreCase);
}
