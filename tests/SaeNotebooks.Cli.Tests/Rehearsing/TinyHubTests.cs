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
}
