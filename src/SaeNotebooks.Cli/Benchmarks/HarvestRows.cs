using SaeNotebooks.Features;
using SaeNotebooks.Harvest;
using SaeNotebooks.Harvest.Corpora;
using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using SaeNotebooks.Tokenization;
using static TorchSharp.torch;

namespace SaeNotebooks.Cli.Benchmarks;

/// <summary>Harvesting on GPT-2-small shapes, beside the forward pass and the encoding that it cannot do without.</summary>
/// <param name="tokenizerFolder">of any tokenizer</param>
/// <param name="meter">times the rows</param>
internal sealed class HarvestRows(string tokenizerFolder, Meter meter)
{
    /// <summary>As many tokens as a harvest takes in one pass by default. What an index costs once, whatever the corpus (fingerprints, texts of the vocabulary,
    /// opening files), is in its time.</summary>
    private const int Documents = 32, Length = 128;

    /// <summary>What TransformerLens, SAELens and a running top-10 of 24,576 latents reached in float32 on two cores whose product of two 2048 × 2048 matrices, in the
    /// same build of PyTorch, ran at so many GFLOP/s.</summary>
    private const double PeerTokens = 985, PeerGflops = 226;

    private static readonly (int Width, ScalarType Dtype)[] Sizes = [(24_576, float32), (24_576, bfloat16), (4096, float32), (65_536, float32)];

    /// <summary>The measurements of each size, made as they are asked for: the width at which others were measured, in float32 and in bfloat16; then others.</summary>
    public IEnumerable<(string Name, IEnumerable<Measurement> Rows)> Groups => Sizes.Select(size =>
    {
        var name = $"harvest, GPT-2 shapes to {Gpt2Shapes.Hook}, {size.Width} latents, {size.Dtype}";
        return (name, At(name, size.Width, size.Dtype));
    });

    private IEnumerable<Measurement> At(string name, int width, ScalarType dtype)
    {
        using var shapes = new Gpt2Shapes(tokenizerFolder, dtype);
        using var sae = Gpt2Shapes.Sae(width);
        sae.MakeProductIn(dtype);
        var tokens = new TokenBatch(Enumerable.Range(0, Documents).Select(RandomDocuments.Ids));
        var folder = Directory.CreateTempSubdirectory("harvest-bench").FullName;
        try
        {
            var run = 0;
            var measured = meter.InTurn(
                ($"{name}: forward and encode", "tokens/s", () => Encode(shapes.Model, sae, tokens)),
                ($"{name}: harvested", "tokens/s", () => Harvest(shapes.Model, sae, Path.Combine(folder, $"{run++}"))));
            var (needed, harvest) = (measured[0], measured[1]);
            yield return needed;
            yield return harvest;
            yield return Ratio($"{name}: time of harvesting by that of forward and encode", needed.Over(harvest), harvest);
            yield return Ratio($"{name}: tokens/s by those of the Python peers, at equal speed of a matrix product", harvest.Median / harvest.GemmGflops / (PeerTokens / PeerGflops), harvest);
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    private static Measurement Ratio(string name, double value, Measurement of) => new(name, "×", value, [value], of.GemmGflops);

    private static long Harvest(HookedTransformer model, Sae sae, string folder)
    {
        new Harvester(model, "gpt2", [sae], new RandomDocuments(), new() { Facts = 0 }).Run(folder, Shard.All);
        return Documents * Length;
    }

    private static long Encode(HookedTransformer model, Sae sae, TokenBatch tokens)
    {
        using var run = model.Run(tokens, Gpt2Shapes.Hook);
        using var latents = sae.Encode(run[Gpt2Shapes.Hook]);
        return Documents * Length;
    }

    /// <summary>Documents of random tokens.</summary>
    private sealed class RandomDocuments : ICorpus, ICorpusDocument
    {
        private int _number;

        public static int[] Ids(int seed)
        {
            var random = new Random(seed);
            return [.. Enumerable.Range(0, Length).Select(_ => random.Next(50_257))];
        }

        public string Identity => "random tokens";

        public IReadOnlyList<LabelKind> Kinds => [];

        public long? Count => Documents;

        public IEnumerable<ICorpusDocument> From(long first, CancellationToken cancellation = default) =>
            Enumerable.Range((int)first, Documents - (int)first).Select(number => new RandomDocuments { _number = number });

        public LabelledTokens Read(ITokenizer tokenizer) => new(Ids(_number), []);
    }
}
