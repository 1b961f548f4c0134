using SaeNotebooks.Tests.Tokenization;

namespace SaeNotebooks.Translation.Tests.Measures.Comet;

/// <summary>
/// A COMET that is small enough to follow: its encoder is a table of embeddings, its pooling their mean over the mask, and its estimator one linear layer on
/// COMET's features [mt, ref, mt·ref, |mt − ref|, mt·src, |mt − src|]. Written as an ONNX graph, and computed here.
/// </summary>
internal sealed class CometSample
{
    public const int Width = 4;
    public static readonly string[] Parts = ["src", "mt", "ref"];

    /// <summary>XLM-R's special pieces, a few letters, and pieces that overlap.</summary>
    private static readonly List<LlamaLikeSamples.SamplePiece> Pieces =
    [
        new("<unk>", 0, 2), new("<s>", 0, 3), new("</s>", 0, 3), new("▁", -3),
        .. "abcdet.".Select((c, i) => new LlamaLikeSamples.SamplePiece($"{c}", -4 - 0.1f * i)),
        new("▁a", -3.5f), new("▁the", -4.2f), new("cat", -6), new("ca", -4.05f), new("at", -4.11f), new("bed", -5.9f), new("be", -5.01f), new("ted", -7.3f),
    ];

    private readonly float[] _embeddings, _weights, _bias = [0.25f];

    public CometSample(int seed = 1)
    {
        var random = new Random(seed);
        float[] Random(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
        (_embeddings, _weights) = (Random((Pieces.Count + 1) * Width), Random(6 * Width));
    }

    public float[] Weights => _weights;

    public static byte[] Tokenizer { get; } = LlamaLikeSamples.SentencePiece(Pieces, type: 1, removesSpaces: true, bytes: false);

    /// <summary>The graph, with inputs of long or int; its names, and how many embeddings there are, as usual unless others are given.</summary>
    public byte[] Model<T>(long batch = 0, long tokens = 0, Func<string, (string Ids, string Mask)>? names = null, int? vocabulary = null, string output = "score") where T : struct
    {
        var graph = new OnnxGraph();
        graph.Constant("embeddings", _embeddings[..((vocabulary ?? Pieces.Count + 1) * Width)], vocabulary ?? Pieces.Count + 1, Width);
        graph.Constant("weights", _weights, 6 * Width, 1);
        graph.Constant("bias", _bias, 1);
        graph.Constant("first", [1L], 1);
        graph.Constant("second", [2L], 1);
        foreach (var part in Parts)
        {
            var (ids, mask) = names?.Invoke(part) ?? ($"{part}_input_ids", $"{part}_attention_mask");
            graph.Input<T>(ids, batch, tokens);
            graph.Input<T>(mask, batch, tokens);
            graph.Node("Gather", ["embeddings", ids], $"{part}.tokens"); // [batch, tokens, width]
            graph.Node("Cast", [mask], $"{part}.mask", ("to", 1));
            graph.Node("Unsqueeze", [$"{part}.mask", "second"], $"{part}.column");
            graph.Node("Mul", [$"{part}.tokens", $"{part}.column"], $"{part}.kept");
            graph.Node("ReduceSum", [$"{part}.kept", "first"], $"{part}.sum", ("keepdims", 0));
            graph.Node("ReduceSum", [$"{part}.mask", "first"], $"{part}.count");
            graph.Node("Div", [$"{part}.sum", $"{part}.count"], part); // [batch, width]
        }
        foreach (var other in new[] { "ref", "src" })
        {
            graph.Node("Mul", ["mt", other], $"{other}.product");
            graph.Node("Sub", ["mt", other], $"{other}.difference");
            graph.Node("Abs", [$"{other}.difference"], $"{other}.distance");
        }
        graph.Node("Concat", ["mt", "ref", "ref.product", "ref.distance", "src.product", "src.distance"], "features", ("axis", 1));
        graph.Node("Gemm", ["features", "weights", "bias"], output);
        graph.Output(output, batch, 1);
        return graph.ToModel();
    }

    /// <summary>What the graph computes, in double precision.</summary>
    public double Score(string source, string translation, string reference, int limit = 512)
    {
        var (src, mt, @ref) = (Mean(source, limit), Mean(translation, limit), Mean(reference, limit));
        var features = new[] { mt, @ref, [.. mt.Zip(@ref, (a, b) => a * b)], [.. mt.Zip(@ref, (a, b) => Math.Abs(a - b))], [.. mt.Zip(src, (a, b) => a * b)], [.. mt.Zip(src, (a, b) => Math.Abs(a - b))] };
        return features.SelectMany(f => f).Zip(_weights, (f, w) => f * w).Sum() + _bias[0];
    }

    private double[] Mean(string text, int limit)
    {
        var ids = Ids(text);
        if (ids.Length > limit) ids = [.. ids[..(limit - 1)], ids[^1]];
        return [.. Enumerable.Range(0, Width).Select(d => ids.Average(id => (double)_embeddings[id * Width + d]))];
    }

    /// <summary>XLM-R's ids of a text, its best cut found from the back by trying all pieces at every place.</summary>
    public static int[] Ids(string text)
    {
        var marked = string.Join('▁', ["", .. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        var rest = new (double Score, int[] Ids)[marked.Length + 1]; // the best cut of what begins at each place
        rest[marked.Length] = (0, []);
        for (var start = marked.Length - 1; start >= 0; start--)
        {
            var cuts = Pieces.Index().Where(p => p.Item.Type == 1 && marked.AsSpan(start).StartsWith(p.Item.Text))
                .Select(p => (p.Item.Score + rest[start + p.Item.Text.Length].Score, Ids: (int[])[p.Index + 1, .. rest[start + p.Item.Text.Length].Ids])).ToList();
            if (!Pieces.Any(p => p.Type == 1 && p.Text == marked[start..(start + 1)]))
            {
                var (score, ids) = rest[start + 1];
                cuts.Add((score + Pieces.Where(p => p.Type == 1).Min(p => p.Score) - 10, ids is [3, ..] ? ids : [3, .. ids]));
            }
            rest[start] = cuts.MaxBy(c => c.Item1);
        }
        return [0, .. rest[0].Ids, 2];
    }
}
