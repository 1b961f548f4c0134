using SaeNotebooks.Hooks;
using SaeNotebooks.Models.Known;
using SaeNotebooks.Tests;

namespace SaeNotebooks.Cli.Tests.Rehearsing;

/// <summary>Small models and SAEs of three families, opened by the names of published ones from a hub on the loopback address.</summary>
public sealed class TinyHubTests(SharedTinyHub shared) : IClassFixture<SharedTinyHub>
{
    [Theory]
    [InlineData("gpt2", "blocks.8.hook_resid_pre", "blocks.3.hook_resid_pre", "standard")]
    [InlineData("gemma-2-2b", "blocks.20.hook_resid_post", "blocks.12.hook_resid_post", "jumprelu")]
    [InlineData("llama-3.1-8b", "blocks.15.hook_resid_post", "blocks.0.hook_resid_post", "jumprelu")]
    public void A_model_opens_by_name_with_its_SAEs_in_their_own_format(string name, string hook, string other, string architecture)
    {
        using var variables = new TemporaryVariables([.. shared.Hub.Environment.Select(v => (v.Key, v.Value == "" ? null : v.Value))]);
        using var bench = Workbench.Open(name, notes: TextWriter.Null);
        Assert.Equal((hook, KnownModels.Find(name)!.Layers), (Assert.Single(bench.SaeHooks).ToString(), bench.Model.Config.NLayers));
        foreach (var at in new HookName[] { hook, other })
        {
            using var run = bench.Model.Run("The cat sleeps in the garden.", at);
            using var latents = bench.Sae(at).Encode(run[at]);
            Assert.Contains(architecture, bench.Sae(at).ToString(), StringComparison.OrdinalIgnoreCase);
            Assert.InRange(latents.L0(), 1, 0.9 * bench.Sae(at).Width);
        }
        Assert.Equal(new HookName[] { hook, other }.Order(), bench.SaeHooks);
        Assert.Null(bench.FindSae(Hook.MlpOut(3)));
    }

    /// <summary>Ends, steps and blocks as counted by hand.</summary>
    [Theory]
    [InlineData("gpt2", 8, 12, new[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 })]
    [InlineData("gpt2", 8, 8, new[] { 0, 2, 3, 5, 6, 8, 9, 11 })]
    [InlineData("gemma-2-2b", 12, 8, new[] { 0, 4, 7, 12, 14, 18, 21, 25 })]
    [InlineData("llama-3.1-8b", 15, 3, new[] { 0, 15, 31 })]
    [InlineData("llama-3.1-8b", 15, 1, new[] { 15 })]
    public void Hooks_over_the_depth_are_evenly_spaced_and_have_the_block_that_was_asked_for(string name, int block, int most, int[] blocks)
    {
        using var variables = new TemporaryVariables([.. shared.Hub.Environment.Select(v => (v.Key, v.Value == "" ? null : v.Value))]);
        using var bench = Workbench.Open(name, notes: TextWriter.Null);
        var hooks = bench.SaeHooksOverDepth(bench.Known.HookAt(block), most);
        Assert.Equal(blocks.Select(b => KnownModels.Find(name)!.HookAt(b)), hooks);
        Assert.Single(bench.SaeHooks); // that of the record: none was fetched to find out
        Assert.Equal(hooks[^1], bench.Sae(hooks[^1]).Config.Hook);
        Assert.Empty(bench.SaeHooksOverDepth(Hook.MlpOut(block)));
    }
}
