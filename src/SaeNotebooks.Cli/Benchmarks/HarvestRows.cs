using SaeNotebooks.Features;
using SaeNotebooks.Harvest;
using SaeNotebooks.Harvest.Corpora;
using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using SaeNotebooks.Tokenization;
using static TorchSharp.torch;

namespace SaeNotebooks.Cli.Benchmarks;

/// <summary>Harvesting with an SAE on GPT-2-small shapes, beside the forward pass and the encoding that it cannot do without.</summary>
internal sealed class HarvestRows(Gpt2Shapes shapes, Meter meter) : IDisposable
{
    private const int Documents = 16, Length = 128;
    private readonly string _folder = Directory.CreateTempSubdirectory("harvest-bench").FullName;
    private int _run;

    /// <summary>The widths that are measured; the first is that of the comparison with others.</summary>
    public static IReadOnlyList<int> Widths { get; } = [24_576, 4096, 65_536];

    /// <summary>Measures each width in float32, and the first in bfloat16 too.</summary>
    public IEnumerable<Measurement> Measure()
    {
        var tokens = Tokens();
        yield return meter.Rate($"GPT-2 shapes, forward to {Gpt2Shapes.Hook}", "tokens/s", () => Forward(tokens, null));
        foreach (var (width, dtype) in Widths.Select(w => (w, float32)).Append((Widths[0], bfloat16)))
        {
            using var sae = Gpt2Shapes.Sae(width);
            sae.MakeProductIn(dtype);
            yield return meter.Rate($"… and TopK encode to {width} latents, product in {dtype}", "tokens/s", () => Forward(tokens, sae));
            yield return meter.Rate($"… harvested into Parquet, {width} latents, product in {dtype}", "tokens/s", () => Harvest(sae));
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private long Harvest(Sae sae)
    {
        new Harvester(shapes.Model, "gpt2", [sae], new RandomDocuments(), new() { Facts = 0 }).Run(Path.Combine(_folder, $"{_run++}"), Shard.All);
        return Documents * Length;
    }

    private long Forward(TokenBatch tokens, Sae? sae)
    {
        using var run = shapes.Model.Run(tokens, Gpt2Shapes.Hook);
        using var latents = sae?.Encode(run[Gpt2Shapes.Hook]);
        return Documents * Length;
    }

    private static TokenBatch Tokens() => new(Enumerable.Range(0, Documents).Select(RandomDocuments.Ids));

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
