using SaeNotebooks.Attribution;
using SaeNotebooks.Figures;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;

namespace SaeNotebooks.Charts.Tests;

public class AttributionFigureTests
{
    private static readonly AttributionNode A = new(Hook.ResidPost(1), 0, 17), B = new(Hook.ResidPost(3), 1, 4), C = new(Hook.ResidPost(3), 1, 9), E = new(Hook.ResidPost(3), 1, null);
    private static readonly NodeContribution[] Nodes = [new(B, 2, 3), new(C, 1, -1.5), new(A, 4, 1), new(E, 0.5, 0.25)];

    [Fact]
    public void A_check_is_a_cloud_of_estimates_and_exact_values()
    {
        var check = new AttributionCheck("logit", Nodes, [3, -1.4, 1.2, 0.2]);
        var figure = check.ToFigure();
        Assert.Contains("correlate at 1.00", figure.Title);
        Assert.Equal(["latents", "error terms"], Enumerable.Range(0, 2).Select(i => figure.Get($"data[{i}].name")!.ToString()));
        Assert.Equal([3,-1.5,1], Numbers(figure, "data[0].x"));
        Assert.Equal([0.2], Numbers(figure, "data[1].y"));
    }

    [Fact]
    public void A_graph_is_drawn_over_its_tokens_with_a_line_for_each_edge()
    {
        var graph = new AttributionGraph([new Token(5, "Der"), new Token(6, " Hund")], "logit", 3.5, [Hook.ResidPost(1), Hook.ResidPost(3)], Nodes,
            [new(A, B, 1.5, 2), new(A, C, -1, -0.5)], Frozen.Attention, 40);
        var figure = graph.ToFigure();
        Assert.Contains("logit = 3.5: 4 of 40 nodes and 2 edges", figure.Title);
        Assert.Equal("[\"Der (0)\",\"·Hund (1)\"]", figure.Get("layout.xaxis.ticktext")!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Equal(["latent, adds", "latent, takes away", "error term"], Enumerable.Range(0, 3).Select(i => figure.Get($"data[{i}].name")!.ToString()));
        var lines = figure.Get("layout.shapes")!.AsArray();
        Assert.Equal(2, lines.Count);
        double At(string coordinate) => (double)lines[0]![coordinate]!;
        Assert.Equal((0, 0, 1), (At("x0"), At("y0"), At("y1"))); // from A, alone in its cell, up to B
        Assert.InRange(At("x1"), 0.5, 1); // the first of three
        Assert.NotEqual(lines[0]!["line"]!["color"]!.ToString(), lines[1]!["line"]!["color"]!.ToString());
        Assert.Contains("<svg", graph.ToSvg());
        Assert.Contains("#17", graph.ToText());
    }

    private static double[] Numbers(Figure figure, string path) => [.. figure.Get(path)!.AsArray().Select(n => (double)n!)];
}
