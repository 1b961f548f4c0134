using SaeNotebooks.Generation;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using static TorchSharp.torch;

namespace SaeNotebooks.Cli.Benchmarks;

/// <summary>Passes on the shape of GPT-2 small: 8 prompts of 128 tokens, the residual stream after layer 8 kept and nothing computed after it;
/// and greedy generation of one prompt.</summary>
/// <remarks>The peer was measured with TransformerLens's development version of 2026 on two cores of an AMD EPYC (Zen 5), each beside a product of two matrices of 2048² in
/// the same dtype; in float32 with the instructions that MKL chooses on that processor.</remarks>
internal static class PassBench
{
    private const int Layer = 8, Prompts = 8, Tokens = 128, NewTokens = 64, Readings = 16, PeerMiB = 2849;

    private sealed record Peer(double TokensPerSecond, double Gflops, double Target);

    private static readonly Dictionary<ScalarType, Peer> Peers = new() { [ScalarType.Float32] = new(1112, 226, 1.8), [ScalarType.BFloat16] = new(3560, 860, 1.3) };

    /// <param name="folder">the checkpoint</param>
    /// <param name="runs">of each measurement</param>
    /// <param name="cancellation">ends it between two runs</param>
    public static (List<Measurement> Measurements, List<Ratio> Ratios) Run(string folder, int runs, CancellationToken cancellation)
    {
        var (measurements, ratios) = (new List<Measurement>(), new List<Ratio>());
        foreach (var dtype in Peers.Keys)
        {
            ProcessMemory.Reset();
            using var model = HookedTransformer.Load(folder, dtype);
            var name = dtype.ToString().ToLowerInvariant();
            using (var gemm = new Gemm(dtype))
            {
                var meter = new Meter(gemm, runs, cancellation);
                var pass = meter.Rate($"{name}: pass to layer {Layer}", "tokens/s", () => Pass(model));
                var peak = ProcessMemory.PeakMiB();
                var products = meter.Rate($"{name}: its linear maps alone", "tokens/s", () => Products(model));
                measurements.AddRange([pass, products]);
                ratios.AddRange(OfPass(name, Peers[dtype], pass, products, peak));
            }
            ratios.Add(OfGeneration(name, model, runs, measurements, cancellation));
        }
        return (measurements, ratios);
    }

    private static IEnumerable<Ratio> OfPass(string name, Peer peer, Measurement pass, Measurement products, double peak) =>
    [
        new($"{name}: pass over TransformerLens", pass.Median / pass.GemmGflops / (peer.TokensPerSecond / peer.Gflops), $"at least {peer.Target}",
            $"tokens/s per GFLOP/s of a 2048³ product beside it, over the same of the peer ({peer.TokensPerSecond} at {peer.Gflops})"),
        new($"{name}: linear maps in a pass", pass.Median / products.Median, "at least 0.75", "time of the linear maps alone over the time of the whole pass"),
        new($"{name}: peak memory over TransformerLens", peak / PeerMiB, "at most 0.5", $"{peak:N0} MiB of the whole process over {PeerMiB} in float32"),
    ];

    private static Ratio OfGeneration(string name, HookedTransformer model, int runs, List<Measurement> measurements, CancellationToken cancellation)
    {
        var bytes = WeightsPerToken(model);
        using var block = zeros(bytes / sizeof(float));
        using var gemm = new Gemm();
        var options = new GenerationOptions { MaxNewTokens = NewTokens, StopTokens = [] };
        var measured = new Meter(gemm, runs, cancellation).InTurn(
            ($"{name}: reading as many bytes as a token's weights have", "times/s", () => Read(block)),
            ($"{name}: greedy generation, one prompt", "tokens/s", () => model.Generate([1, 2, 3, 4], options).Tokens.Count));
        measurements.AddRange(measured);
        return new($"{name}: generation over reading the weights", measured[1].Over(measured[0]), "at least 0.8",
            $"tokens/s over how often {bytes / 1e6:N0} MB are read and summed in a second, measured by turns, median of pairs");
    }

    private static long Read(Tensor block)
    {
        for (var i = 0; i < Readings; i++) block.sum().Dispose();
        return Readings;
    }

    private static long Pass(HookedTransformer model)
    {
        var random = new Random(1);
        var prompts = Enumerable.Range(0, Prompts).Select(_ => Enumerable.Range(0, Tokens).Select(_ => random.Next(model.Config.VocabSize)).ToArray()).ToArray();
        using var run = model.Run(prompts, Hook.ResidPost(Layer));
        return Prompts * Tokens;
    }

    /// <summary>The products of the same pass with weights, in the same pieces.</summary>
    private static long Products(HookedTransformer model)
    {
        using var _ = no_grad();
        foreach (var block in model.Decoder.Blocks.Take(Layer + 1))
        {
            using var scope = NewDisposeScope();
            Tensor Ones(Linear linear, long tokens) => ones(1, tokens, linear.Weight.shape[1], dtype: model.Dtype);
            foreach (var linear in block.Attention.QueryKeyValue.Parts.Append(block.Attention.Output)) linear.Forward(Ones(linear, Prompts * Tokens));
            var some = Math.Min(block.Mlp.TokensAtOnce, Prompts * Tokens);
            foreach (var linear in new[] { block.Mlp.In, block.Mlp.Out })
                for (var at = 0L; at < Prompts * Tokens; at += some) linear.Forward(Ones(linear, Math.Min(some, Prompts * Tokens - at)));
        }
        return Prompts * Tokens;
    }

    /// <summary>Bytes of the linear maps of all blocks and of the unembedding.</summary>
    private static long WeightsPerToken(HookedTransformer model) => model.Decoder.Blocks
        .SelectMany(b => (Linear[])[.. b.Attention.QueryKeyValue.Parts, b.Attention.Output, b.Mlp.In, b.Mlp.Out]).Select(l => l.Weight).Append(model.Unembedding)
        .Sum(w => w.numel() * w.element_size());
}
