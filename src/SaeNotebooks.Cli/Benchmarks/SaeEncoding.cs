using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Activations;
using static TorchSharp.torch;

namespace SaeNotebooks.Cli.Benchmarks;

/// <summary>Encoding of random activations with random SAEs, of which about 64 latents fire per token, or 32 with TopK.</summary>
internal static class SaeEncoding
{
    private const int Tokens = 2048, SampledTokens = 64, Active = 64, K = 32;

    /// <summary>The sizes at which others were measured, and those of Gemma Scope for Gemma 2 2B.</summary>
    public static IEnumerable<Benchmark> All =>
    [
        Of("standard", ScalarType.Float32), Of("jumprelu", ScalarType.Float32), Of("topk", ScalarType.Float32), Of("standard", ScalarType.BFloat16),
        .. from width in new[] { 16_384, 65_536 }
           from dtype in new[] { ScalarType.Float32, ScalarType.BFloat16 }
           select Of("jumprelu", dtype, 2304, width) with { FlopPerUnit = 2.0 * 2304 * width },
    ];

    private static Benchmark Of(string activation, ScalarType dtype, int inputWidth = 768, int width = 24_576)
    {
        var type = dtype.ToString().ToLowerInvariant();
        var key = inputWidth == 768 ? $"encode {activation} {type}" : $"encode gemma-scope {width} {type}";
        return new(key, $"SAE encoding, {activation} {inputWidth} → {width:N0}, {type}", "tokens/s", () => Prepare(activation, dtype, inputWidth, width)) { Product = dtype };
    }

    private static Work Prepare(string activation, ScalarType dtype, int inputWidth, int width)
    {
        using var random = new Generator(1, CPU);
        var x = randn([Tokens, inputWidth], generator: random).DetachFromDisposeScope();
        var sae = Random(activation, width, x, random);
        sae.MakeProductIn(dtype);
        return new(() =>
        {
            using var latents = sae.Encode(x);
            return latents.Tokens;
        }, new Owner(sae, x));
    }

    /// <summary>Biases or thresholds are such that the wanted number of latents fires on some of the tokens.</summary>
    private static Sae Random(string activation, int width, Tensor x, Generator random)
    {
        using var scope = NewDisposeScope();
        var inputWidth = x.shape[1];
        var encoder = empty(width, inputWidth).normal_(0, 1 / Math.Sqrt(inputWidth), random);
        var bar = x.narrow(0, 0, SampledTokens).matmul(encoder.t()).flatten().topk(Active * SampledTokens).values.min().item<float>();
        SparseActivation σ = activation switch
        {
            "topk" => new TopK(K),
            "jumprelu" => new JumpRelu(full(width, bar)),
            _ => new Relu(),
        };
        return new(new SaeConfig { Hook = Hook.ResidPost(0), ModelName = "random" }, σ, encoder.t(), encoder.clone(),
            activation == "standard" ? full(width, -bar) : zeros(width), zeros(inputWidth));
    }

    private sealed record Owner(Sae Sae, Tensor X) : IDisposable
    {
        public void Dispose()
        {
            Sae.Dispose();
            X.Dispose();
        }
    }
}
