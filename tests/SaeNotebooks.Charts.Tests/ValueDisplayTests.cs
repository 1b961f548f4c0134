using Microsoft.DotNet.Interactive.Formatting;
using SaeNotebooks.Analysis;
using SaeNotebooks.Display;
using SaeNotebooks.Features;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Models.Known;
using SaeNotebooks.Steering;
using static TorchSharp.torch;

namespace SaeNotebooks.Charts.Tests;

/// <summary>What values show as the last of a cell, through the formatting library that notebook hosts use.</summary>
public sealed class ValueDisplayTests(ValueDisplayTests.OpenBench open) : IClassFixture<ValueDisplayTests.OpenBench>
{
    private static readonly HookName Hook4 = Hook.ResidPost(4);
    private readonly Workbench bench = open.Bench;

    /// <summary>A workbench in a process that has a notebook host's formatting library.</summary>
    public sealed class OpenBench : IDisposable
    {
        public OpenBench() => Registered.Once();

        public Workbench Bench { get; } = Workbench.Open("tiny");

        public void Dispose() => Bench.Dispose();
    }

    private static string Text(object value) => value.ToDisplayString("text/plain");

    [Fact]
    public void A_run_lists_its_captures_with_shapes_and_sizes()
    {
        using var run = bench.Model.Run("The cat sleeps.", [Hook4, Hook.Pattern(0)], logits: true);
        var (tokens, heads) = (run.Tokens.Count, bench.Model.Config.NHeads);
        var text = Text(run);

        Assert.StartsWith($"Run of one prompt of {tokens} tokens\n", text, StringComparison.Ordinal);
        Assert.Matches($@"blocks\.0\.attn\.hook_pattern +\[1, {heads}, {tokens}, {tokens}\] +float32 +{heads * tokens * tokens * 4}? ?", text);
        Assert.Matches($@"blocks\.4\.hook_resid_post +\[1, {tokens}, {bench.Model.Config.DModel}\]", text);
        Assert.Contains($"logits", text, StringComparison.Ordinal);
        Assert.Contains("class=\"sae-table\"", run.ToDisplayString("text/html"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_says_its_layers_parameters_and_memory()
    {
        var text = Text(bench.Model);
        Assert.Contains($"transformer of {bench.Model.Config.NLayers} layers", text, StringComparison.Ordinal);
        Assert.Matches(@"residual stream \(d_model\) +" + bench.Model.Config.DModel, text);
        Assert.Contains($"blocks.{{0–{bench.Model.Config.NLayers - 1}}}.hook_resid_post", text, StringComparison.Ordinal);
        var embedding = (long)bench.Model.Config.VocabSize * bench.Model.Config.DModel;
        Assert.InRange(bench.Model.Parameters, embedding + 1, 10 * embedding);
    }

    [Fact]
    public void An_SAE_and_its_latents_have_cards()
    {
        var sae = bench.Sae(Hook4);
        using var run = bench.Model.Run("The cat sleeps.", Hook4);
        using var latents = sae.Encode(run[Hook4]);

        Assert.Contains($"{sae.Width:N0}", Text(sae), StringComparison.Ordinal);
        var (strongest, value) = latents.At(2)[0];
        Assert.Contains($"{strongest}: {value:G4}", Text(latents), StringComparison.Ordinal);
        latents.Dispose();
        Assert.Contains("disposed of", Text(latents), StringComparison.Ordinal);
    }

    [Fact]
    public void Edits_say_what_they_do()
    {
        using var vector = full(4, 2f);
        Edits edits = [Edit.Add(Hook4, vector, scale: 3), Edit.Ablate(Hook.MlpOut(1), Positions.Last), Edit.Scale(Hook4, 0.5), Edit.Replace(Hook4, vector),
            Edit.Custom(Hook4, (x, _) => x), Steer.Multiply(bench.Sae(Hook4), 7, 3)];

        Assert.Equal(
        [
            "1. add 3 × a vector of norm 4 to blocks.4.hook_resid_post; at all but BOS",
            "2. replace blocks.1.hook_mlp_out by zeros; at last of the prompt",
            "3. multiply blocks.4.hook_resid_post by 0.5; at all",
            "4. replace blocks.4.hook_resid_post by a tensor [4] of norm 4; at all",
            "5. replace blocks.4.hook_resid_post by a function of it; at all",
            "6. multiply by 3: latent 7 of blocks.4.hook_resid_post, error term kept; at all but BOS",
        ], Text(edits).Split('\n'));
        Assert.Contains("by zeros", edits[1].ToDisplayString("text/html"), StringComparison.Ordinal);
    }

    [Fact]
    public void Records_are_cards_and_lists_of_them_tables()
    {
        Assert.Matches($@"^Model config\n.*d model +{bench.Model.Config.DModel}\n".Replace(".*", @"[\s\S]*", StringComparison.Ordinal), Text(bench.Model.Config));
        Assert.Matches(@"^name +repository ", Text(KnownModels.All));
        Assert.Contains("<thead onclick", KnownModels.All.ToDisplayString("text/html"), StringComparison.Ordinal);
        Assert.Matches(@"^hook +shape +how many\nblocks\.\{0–3\}\.hook_resid_post +\[batch, pos, d_model\] +4$", Text(HookSet.EachLayer(4, Hook.ResidPost)));
        Assert.Contains("how many", Text(bench.Model.Hooks), StringComparison.Ordinal);
        Assert.Contains("[batch, pos, d_model]", Text(Hook4), StringComparison.Ordinal);
    }

    [Fact]
    public void No_value_shows_the_name_of_its_type()
    {
        using var run = bench.Model.Run("The cat sleeps.", [Hook4], logits: true);
        using var latents = bench.Sae(Hook4).Encode(run[Hook4]);
        using var gradients = bench.Model.Gradients(new TokenBatch([[.. run.Tokens.Select(t => t.Id)]]), Hook4, Metric.Logit(17));
        int[] prompt = [.. run.Tokens.Select(t => t.Id)];
        using var residual = ResidualDecomposition.Of(bench.Model, prompt);
        object[] values = [bench, bench.Known!, bench.Model, bench.Model.Config, bench.Model.Config.SpecialTokens, bench.Model.Tokenizer!, bench.Model.Hooks, bench.SaeHooks, run,
            run.Tokens, run.Tokens[0], run.Batch, run[Hook4], latents, gradients, residual, bench.Sae(Hook4), bench.Sae(Hook4).Config, bench.Sae(Hook4).Activation, Hook4,
            Positions.All, Metric.Logit(3), (Edits)Edit.Ablate(Hook4), new Coefficient[] { 3 }, KnownModels.All, KnownModels.All[0], TokenPolicy.Default,
            bench.Model.GenerateAll(["The cat"], new() { MaxNewTokens = 3 }), LogitLens.Of(bench.Model, prompt), LogitAttribution.Of(bench.Model, prompt, 17),
            MemoryPlan.Of(DataFolder.Combine("models", "tiny")), new ContextWindow(3, 4), new[] { new LatentCosine(3, 0.5) }, new LabelKind("language", ["en", "fr"]),
            new Generation.GenerationOptions(), Show.Attention(["a"], ones(1, 1, 1)), new LatentStatistics(3, 5, 0.1, 2, 1, 1, new(1, 2, 3, 4), 0)];

        foreach (var value in values)
            foreach (var mime in new[] { "text/html", "text/plain" })
            {
                var shown = value.ToDisplayString(mime);
                Assert.DoesNotContain("SaeNotebooks.", shown.Replace("SaeNotebooks.Charts", "", StringComparison.Ordinal), StringComparison.Ordinal);
                Assert.DoesNotContain("System.Collections", shown, StringComparison.Ordinal);
                Assert.DoesNotContain("`1", shown, StringComparison.Ordinal);
                Assert.NotEqual("", shown.Trim());
            }
    }
}
