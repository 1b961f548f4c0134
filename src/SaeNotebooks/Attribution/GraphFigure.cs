using System.Text.Json.Nodes;
using SaeNotebooks.Display;
using SaeNotebooks.Figures;
using SaeNotebooks.Hooks;

namespace SaeNotebooks.Attribution;

/// <summary>A graph as a chart: a column for each token that has nodes, a row for each layer; in a cell the nodes stand side by side, the largest
/// contribution first; edges are lines.</summary>
internal static class GraphFigure
{
    private const int EdgesDrawn = 120;
    private const int Abreast = 8; // nodes in a line of a cell
    private const double CellWidth = 0.8, LineHeight = 0.16; // of the distances between tokens and between layers
    private const string Adds = "#E8590C", Takes = "#1C7ED6";

    public static Figure Draw(AttributionGraph graph, string title)
    {
        int[] columns = [.. graph.Nodes.Select(n => n.Node.Position).Distinct().Order()];
        var places = Places(graph, columns);
        Points Cloud(string name, Func<NodeContribution, bool> belongs)
        {
            NodeContribution[] nodes = [.. graph.Nodes.Where(belongs)];
            return new(name, Values.Of(nodes.Select(n => places[n.Node].X)), Values.Of(nodes.Select(n => places[n.Node].Y)), [.. nodes.Select(n => Hover(graph, n))]);
        }

        Points[] clouds = [Cloud("latent, adds", n => !n.Node.IsError && n.Contribution >= 0), Cloud("latent, takes away", n => !n.Node.IsError && n.Contribution < 0),
            Cloud("error term", n => n.Node.IsError)];
        clouds = [.. clouds.Where(c => c.X.Count > 0)];
        var figure = Chart.Scatter(title, "token (position)", "layer", clouds).WithXLabels(columns.Select(p => $"{TokenStrip.Visible(graph.Tokens[p].Text)} ({p})"))
            .WithLayout("yaxis.tickmode", "array").WithLayout("yaxis.tickvals", Enumerable.Range(0, graph.Layers.Count))
            .WithLayout("yaxis.ticktext", graph.Layers.Select(Label).ToArray())
            .WithLayout("xaxis.zeroline", false).WithLayout("shapes", Lines(graph, places)).WithSize(null, 160 + 110 * graph.Layers.Count);
        string[] colors = [.. clouds.Select(c => c.Name == "error term" ? "#868E96" : c.Name == "latent, adds" ? Adds : Takes)];
        return colors.Index().Aggregate(figure, (f, c) => f.WithTrace(c.Index, "marker.color", c.Item));
    }

    /// <summary>The number of a layer is enough where its SAE reads the stream after it; elsewhere the hook is named as well.</summary>
    private static string Label(HookName hook) =>
        hook.Point == HookPoint.ResidPost ? $"{hook.Layer}" : hook.ToString().Replace("blocks.", "", StringComparison.Ordinal);

    /// <summary>The nodes of a cell stand in lines upon the layer's own.</summary>
    private static Dictionary<AttributionNode, (double X, double Y)> Places(AttributionGraph graph, int[] columns)
    {
        var places = new Dictionary<AttributionNode, (double, double)>();
        foreach (var cell in graph.Nodes.GroupBy(n => (n.Node.Hook, n.Node.Position)).Select(g => g.ToArray()))
        {
            var (column, layer) = (Array.IndexOf(columns, cell[0].Node.Position), graph.Layers.ToList().IndexOf(cell[0].Node.Hook));
            foreach (var (i, node) in cell.Index())
                places[node.Node] = (column + CellWidth * ((i % Abreast + 0.5) / Math.Min(cell.Length, Abreast) - 0.5), layer + LineHeight * (i / Abreast));
        }
        return places;
    }

    private static string Hover(AttributionGraph graph, NodeContribution node) =>
        $"{node.Node} '{TokenStrip.Visible(graph.Tokens[node.Node.Position].Text)}': activation {Html.Number(node.Activation)}, contributes {Html.Number(node.Contribution)}";

    private static JsonArray Lines(AttributionGraph graph, Dictionary<AttributionNode, (double X, double Y)> places)
    {
        var largest = graph.Edges.Select(e => Math.Abs(e.Effect)).DefaultIfEmpty(1).Max();
        return [.. graph.Edges.Take(EdgesDrawn).Select(e =>
        {
            var (from, to) = (places[e.From], places[e.To]);
            return (JsonNode)new JsonObject
            {
                ["type"] = "line", ["layer"] = "below", ["x0"] = from.X, ["y0"] = from.Y, ["x1"] = to.X, ["y1"] = to.Y,
                ["line"] = new JsonObject { ["color"] = e.Effect >= 0 ? Adds : Takes, ["width"] = 0.3 + 3 * Math.Abs(e.Effect) / largest },
            };
        })];
    }
}
