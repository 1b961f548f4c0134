using SaeNotebooks.Figures;

namespace SaeNotebooks.Charts.Tests;

/// <summary>One small figure of each kind.</summary>
internal static class Samples
{
    public static readonly string[] Tokens = ["<s>", "the", "cat", "the", "&\"'"];

    public static Figure Line() => Chart.Line("Norms grow", "layer", "norm (L2)", new Series("English", [1.0, 2, 4]), new Series("French", [1.0, 3, 9]));

    public static Figure Scatter() => Chart.Scatter("Clusters", "first", "second",
        new Points("a", [0, 1, 2], [3, 1, 2], ["x <b>", "y", "z"]), new Points("b", [5], [5]));

    public static Figure Bar() => Chart.Bar("Attribution", "token", "logits", Tokens, new Series("up", [1.0, 2, 3, 0.5, 4]), new Series("down", [-1.0, -2, -3, -0.5, -4]));

    public static Figure Histogram() => Chart.Histogram("Spread", "activation", 5, new Series("all", [0.1, 0.2, 0.3, 1.1, 2.5, 2.6, 4.9]));

    public static Figure Heatmap() => Chart.Heatmap("Patching", "token", "layer", new double[,] { { 1, -2, 0 }, { 4, double.NaN, 2 } },
        columns: ["the", "cat", "the"], text: [["a", "b", "c"], ["d", "e", "<f>"]], scale: Scale.Diverging, valueTitle: "difference");

    public static Figure Box() => Chart.Box("Spread", "language", "chrF", new Series("en", [1.0, 2, 3, 4, 50]), new Series("fr", [2.0, 3, 4]));

    public static TheoryData<string> Names => [nameof(Line), nameof(Scatter), nameof(Bar), nameof(Histogram), nameof(Heatmap), nameof(Box)];

    public static Figure Of(string name) => name switch
    {
        nameof(Line) => Line(), nameof(Scatter) => Scatter(), nameof(Bar) => Bar(), nameof(Histogram) => Histogram(),
        nameof(Heatmap) => Heatmap(), nameof(Box) => Box(), _ => throw new ArgumentException(name),
    };
}
