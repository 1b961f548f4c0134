using SaeNotebooks.Analysis;
using SaeNotebooks.Attribution;
using SaeNotebooks.Generation;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Steering;
using SaeNotebooks.Translation.Causal;
using SaeNotebooks.Translation.Discovery;

namespace SaeNotebooks.Cli.Benchmarks;

/// <summary>Steering by one latent and gradients at its hook, on prompts of random tokens.</summary>
/// <param name="bench">the model and its SAEs; stays the caller's</param>
/// <param name="hook">of the SAE</param>
internal sealed class Interventions(Workbench bench, HookName hook)
{
    private const int Prompts = 20, PromptTokens = 24, NewTokens = 40, Latent = 0;
    private static readonly double[] Doses = [-4, -2, -1, 0, 1, 2, 4, 8, 16];

    /// <summary>A dose–response sweep with and without generation, decoding of one prompt with an edit in every step, a pass forwards and backwards, and
    /// the attribution of a logit to all latents.</summary>
    public IEnumerable<Benchmark> All =>
    [
        new("sweep-text", $"dose–response, {Doses.Length} doses × {Prompts} prompts, {NewTokens} new tokens each", "sweeps/s", () => new(Generated)),
        new("sweep", $"dose–response, {Doses.Length} doses × {Prompts} prompts, next token", "sweeps/s", () => new(NextToken)),
        new("steer", "generation, one prompt, one latent steered", "tokens/s", () => new(OnePrompt)),
        new("gradients", $"forward and backward, gradients at {hook}", "tokens/s", () => new(Gradients)),
        new("scan", $"scan: effects of all latents at {hook} on given answers, first order, {Prompts} prompts", "scans/s", () => new(Scan)),
        new("attribute", $"attribution of a logit to all latents at {hook}, {PromptTokens} tokens", "prompts/s", () => new(Attribute)),
    ];

    private Edits Edit(Dose dose) => Steer.Add(bench.Sae(hook), Latent, Coefficient.OfNorm(dose), Positions.LastAndGenerated);

    private long Generated()
    {
        var prompts = Ids();
        var repeated = Enumerable.Repeat(prompts, Doses.Length).SelectMany(p => p).ToList();
        var each = Dose.Each(Doses.SelectMany(d => Enumerable.Repeat(d, Prompts)));
        bench.Model.GenerateAll(repeated, new GenerationOptions { MaxNewTokens = NewTokens, StopTokens = [] }, Edit(each));
        return 1;
    }

    private long NextToken()
    {
        DoseSweep.Measure(bench.Model, new TokenBatch(Ids()), Doses, Edit, Metric.Logit(1));
        return 1;
    }

    private long OnePrompt() =>
        bench.Model.Generate(Ids()[0], new GenerationOptions { MaxNewTokens = NewTokens, StopTokens = [] }, Edit(0.1)).Tokens.Count;

    private long Gradients()
    {
        using var run = bench.Model.Gradients(new TokenBatch(Ids()), hook, Metric.Logit(1));
        return Prompts * PromptTokens;
    }

    /// <summary>A pass forwards and one backwards for all prompts, and one matrix product for all latents.</summary>
    private long Scan()
    {
        var text = bench.Model.Tokenizer!;
        var prompts = Ids().Select(ids => new TranslationPrompt
        {
            Text = text.Decode(ids.Take(PromptTokens / 2)), Answer = text.Decode(ids.Skip(PromptTokens / 2)), Source = default, Language = null, Wording = "random", Setting = new("", "", ""),
        }).ToList();
        new ReferenceEffects(bench.Model, prompts).FirstOrder(bench.Sae(hook));
        return 1;
    }

    private long Attribute()
    {
        LatentAttribution.Of(bench.Model, bench.Sae(hook), Ids()[0], Metric.Logit(1));
        return 1;
    }

    private List<IReadOnlyList<int>> Ids()
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, Prompts).Select(_ => (IReadOnlyList<int>)[.. Enumerable.Range(0, PromptTokens).Select(_ => random.Next(bench.Model.Config.VocabSize))])];
    }
}
