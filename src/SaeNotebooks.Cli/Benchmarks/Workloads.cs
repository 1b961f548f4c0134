using SaeNotebooks.Generation;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using static TorchSharp.torch;

namespace SaeNotebooks.Cli.Benchmarks;

/// <summary>What people do with a model, on prompts of random tokens. Each runs once and returns how many tokens it went through.</summary>
/// <param name="bench">the model and its SAEs; stays the caller's</param>
internal sealed class Workloads(Workbench bench) : IDisposable
{
    private const int Prompts = 8, PromptTokens = 128, GeneratedTokens = 96;
    private readonly ModelConfig _config = bench.Model.Config;
    private Tensor? _activation;

    /// <summary>The hook whose activation is cached and encoded: that of the middlest SAE, or the last residual stream where there is none.</summary>
    public HookName Hook => bench.SaeHooks is { Count: > 0 } hooks ? hooks[hooks.Count / 2] : Hooks.Hook.ResidPost(_config.NLayers - 1);

    /// <summary>Whether there is an SAE to encode with.</summary>
    public bool HasSae => bench.SaeHooks.Count > 0;

    /// <summary>All that this model can be measured on.</summary>
    public IEnumerable<Benchmark> All =>
    [
        new("forward", $"forward, {Hook} cached", "tokens/s", () => new(Forward)),
        new("generate", "generation, one prompt", "tokens/s", () => new(Generate)),
        .. HasSae ? [new Benchmark("encode", $"SAE encoding at {Hook}", "tokens/s", () => new(EncodeSae)), .. new Interventions(bench, Hook).All] : Array.Empty<Benchmark>(),
    ];

    /// <summary>A forward pass of a batch through all layers and the unembedding that keeps one activation.</summary>
    public long Forward()
    {
        var batch = Batch();
        using var run = bench.Model.Run(batch, Hook, logits: true);
        return (long)Prompts * batch.Width;
    }

    /// <summary>Greedy generation after one short prompt, a token at a time.</summary>
    public long Generate()
    {
        var prompt = RandomIds(Math.Min(16, _config.ContextLength / 2), seed: 1);
        var options = new GenerationOptions { MaxNewTokens = Math.Min(GeneratedTokens, _config.ContextLength - prompt.Length), StopTokens = [] };
        return bench.Model.Generate(prompt, options).Tokens.Count;
    }

    /// <summary>Encoding of activations with an SAE.</summary>
    public long EncodeSae()
    {
        using var latents = bench.Sae(Hook).Encode(_activation ??= Activation());
        return latents.Tokens;
    }

    private Tensor Activation()
    {
        using var run = bench.Model.Run(Batch(), Hook);
        return run[Hook].clone();
    }

    private TokenBatch Batch()
    {
        var length = Math.Min(PromptTokens, _config.ContextLength);
        return new TokenBatch(Enumerable.Range(0, Prompts).Select(row => RandomIds(length, seed: row)));
    }

    private int[] RandomIds(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(_config.VocabSize))];
    }

    /// <inheritdoc/>
    public void Dispose() => _activation?.Dispose();
}
