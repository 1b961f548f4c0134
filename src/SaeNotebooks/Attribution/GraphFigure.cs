using System.Text.Json.Nodes;
using SaeNotebooks.Display;
using SaeNotebooks.Figures;

namespace SaeNotebooks.Attribution;

/// <summary>A graph as a chart: nodes stand at their token and layer, the stronger ones lower in their cell; edges are lines.</summary>
internal static class GraphFigure
{
    private const int EdgesDrawn = 120;
    private const double Spread = 0.7; // of the distance between two layers
    private const string Adds = "#E8590C", Takes = "#1C7ED6";

    public static Figure Draw(AttributionGraph graph, string title)
    {
        var places = Places(graph);
        Points Cloud(string name, Func<NodeContribution, bool> belongs)
        {
            NodeContribution[] nodes = [.. graph.Nodes.Where(belongs)];
            return new(name, Values.Of(nodes.Select(n => places[n.Node].X)), Values.Of(nodes.Select(n => places[n.Node].Y)), [.. nodes.Select(n => Hover(graph, n))]);
        }

        Points[] clouds = [Cloud("latent, adds", n => !n.Node.IsError && n.Contribution >= 0), Cloud("latent, takes away", n => !n.Node.IsError && n.Contribution < 0),
            Cloud("error term", n => n.Node.IsError)];
        clouds = [.. clouds.Where(c => c.X.Count > 0)];
        var figure = Chart.Scatter(title, "token", "layer", clouds).WithXLabels(graph.Tokens.Select(t => TokenStrip.Visible(t.Text)))
            .WithLayout("yaxis.tickmode", "array").WithLayout("yaxis.tickvals", Enumerable.Range(0, graph.Layers.Count))
            .WithLayout("yaxis.ticktext", graph.Layers.Select(h => h.ToString().Replace("blocks.", "", StringComparison.Ordinal)).ToArray())
            .WithLayout("shapes", Lines(graph, places)).WithSize(null, 160 + 110 * graph.Layers.Count);
        string[] colors = [.. clouds.Select(c => c.Name == "error term" ? "#868E96" : c.Name == "latent, adds" ? Adds : Takes)];
        return colors.Index().Aggregate(figure, (f, c) => f.WithTrace(c.Index, "marker.color", c.Item));
    }

    /// <summary>The nodes of a cell stand above one another, the largest contribution at the layer's line.</summary>
    private static Dictionary<AttributionNode, (double X, double Y)> Places(AttributionGraph graph)
    {
        var places = new Dictionary<AttributionNode, (double, double)>();
        foreach (var (layer, hook) in graph.Layers.Index())
        {
            var cells = graph.Nodes.Where(n => n.Node.Hook == hook).GroupBy(n => n.Node.Position).Select(g => g.ToArray()).ToArray();
            var highest = cells.Select(c => c.Length).DefaultIfEmpty(1).Max();
            foreach (var cell in cells)
                foreach (var (i, node) in cell.Index()) places[node.Node] = (node.Node.Position, layer + Spread * i / Math.Max(highest, 4));
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
