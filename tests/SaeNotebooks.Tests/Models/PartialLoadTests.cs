using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Tests.Goldens;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Models;

/// <summary>Models of which only the first layers are loaded.</summary>
public class PartialLoadTests
{
    private static readonly int[] Prompt = [2, 17, 40, 5, 99, 200, 31];

    [Theory]
    [InlineData("gpt2"), InlineData("gpt_neox"), InlineData("llama"), InlineData("gemma2"), InlineData("gemma3_text")]
    public void WhatIsLoadedComputesTheSame(string family)
    {
        using var whole = TestModels.Load(family);
        using var part = HookedTransformer.Load(Golden.PathOf(family), lastLayer: 1);
        Assert.Equal(2, part.LoadedLayers);
        using var expected = whole.Run(Prompt, Hook.ResidPost(1));
        using var actual = part.Run(Prompt, Hook.ResidPost(1));
        Assert.Equal(0, Compare.Difference(expected[Hook.ResidPost(1)], actual[Hook.ResidPost(1)]));
    }

    [Fact]
    public void LaterLayersAreNotRead()
    {
        using var scope = NewDisposeScope();
        using var folder = new ModelFolder("llama", weights: w => w.Keys.Where(n => n.StartsWith("model.layers.3.", StringComparison.Ordinal)
            || n is "model.norm.weight" or "lm_head.weight").ToList().ForEach(n => w.Remove(n)));
        using var model = HookedTransformer.Load(folder.Path, lastLayer: 2); // they are not even in the file
        Assert.Equal(3, model.LoadedLayers);
    }

    [Fact]
    public void WhatWasLeftOutIsSaidInOneLine()
    {
        using var model = HookedTransformer.Load(Golden.PathOf("llama"), lastLayer: 1);
        const string loaded = "only layers 0 to 1 of 4 were loaded";
        Assert.Contains(loaded, Assert.Throws<InvalidOperationException>(() => model.Run(Prompt)).Message);
        Assert.Contains(loaded, Assert.Throws<InvalidOperationException>(() => model.Run(Prompt, Hook.ResidPost(0), logits: true)).Message);
        Assert.Contains(loaded, Assert.Throws<InvalidOperationException>(() => model.Generate(Prompt)).Message);
        Assert.Contains(loaded, Assert.Throws<InvalidOperationException>(() => model.Unembedding).Message);
        Assert.Contains(loaded, Assert.Throws<ArgumentException>(() => model.Run(Prompt, Hook.ResidPost(2))).Message);
        Assert.Contains(loaded, Assert.Throws<ArgumentException>(() => model.Run(Prompt, Hook.LnFinalScale)).Message);
        Assert.Contains("0 to 3", Assert.Throws<ArgumentOutOfRangeException>(() => HookedTransformer.Load(Golden.PathOf("llama"), lastLayer: 4)).Message);
    }
}
