using SaeNotebooks.Generation;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models.Known;
using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Registry;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Models.Known;

/// <summary>The table of known models is data, so it is checked as data.</summary>
public class KnownModelsTests
{
    public static TheoryData<string> Names => [.. KnownModels.All.Select(m => m.Name)];

    [Fact]
    public void The_models_that_published_SAEs_were_made_for_are_known() =>
        Assert.Subset(KnownModels.All.Select(m => m.Name).ToHashSet(), new HashSet<string>
        {
            "tiny", "gpt2", "pythia-70m-deduped", "pythia-160m", "pythia-410m", "pythia-1b", "gemma-2b", "gemma-2-2b", "gemma-2-2b-it", "gemma-2-9b",
            "gemma-3-270m", "gemma-3-1b-pt", "gemma-3-4b-pt", "llama-3.1-8b", "llama-3.2-1b", "qwen2.5-0.5b", "qwen3-1.7b-base", "mistral-7b",
        });

    [Fact]
    public void Names_and_repositories_are_unique()
    {
        Assert.Distinct(KnownModels.All.Select(m => m.Name));
        Assert.Distinct(KnownModels.All.Select(m => m.Repository).OfType<string>());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_record_is_consistent_in_itself(string name)
    {
        var model = KnownModels.Find(name)!;
        Assert.Equal(name.ToLowerInvariant(), name);
        Assert.Equal(model.Repository, model.HubName?.Repository); // which throws if the hub would not allow it
        Assert.True(model.Hook.IsInBlock && model.Hook.Layer < model.Layers, $"{model.Hook} of {model.Layers} layers");
        Assert.True(model.Dtype is ScalarType.Float32 or ScalarType.BFloat16);
        Assert.InRange(model.Gigabytes, 0.001, 100);
        Assert.NotEmpty(model.Licence);
        Assert.Equal(model.Licence is not ("mit" or "apache-2.0"), model.IsGated);
        Assert.NotEmpty(model.Examples);
        Assert.All(model.Examples, e => Assert.All(new[] { e.Prompt, e.Continuation, e.Source }, Assert.NotEmpty));
        Assert.Contains("{sentence}", model.Translation.Translation);
        Assert.Contains("{language}", model.Translation.Translation);
        Assert.Contains("{sentence}", model.Translation.Repetition);
        Assert.All(model.Latents.Select(l => l.Hook).Append(model.SwitchHookAt(null)), hook => Assert.True(hook.IsInBlock && hook.Layer < model.Layers));
        if (model.Sae is { } sae) Assert.Contains(model.Hook.Layer.ToString(), sae[(sae.IndexOf(':') + 1)..]); // an SAE of the same layer
    }

    [Fact]
    public void Another_block_has_the_same_hook_and_a_block_that_is_not_there_is_refused()
    {
        var gpt2 = KnownModels.Find("gpt2")!;
        Assert.Equal((HookName)"blocks.8.hook_resid_pre", gpt2.HookAt(null));
        Assert.Equal((HookName)"blocks.3.hook_resid_pre", gpt2.HookAt(3));
        Assert.Equal(Hook.ResidPost(12), KnownModels.Find("gemma-2-2b")!.SwitchHookAt(null));
        Assert.Contains("gpt2 has no block 12; its 12 blocks are counted from 0", Assert.Throws<ArgumentOutOfRangeException>(() => gpt2.HookAt(12)).Message);
    }

    [Fact]
    public void Prompts_are_filled_in_and_answers_end_with_their_line()
    {
        var prompts = KnownModels.Find("gemma-2-2b")!.Translation;
        Assert.Equal("English: It {language} rains.\nFrench:", prompts.Translate("It {language} rains.", "French"));
        Assert.Equal("English: It rains.\nEnglish:", prompts.Repeat("It rains."));
        Assert.Equal("Il pleut.", prompts.Answer(" Il pleut. \nEnglish: It snows.\nFrench: Il neige."));
        Assert.Equal("", prompts.Answer(""));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Latents_of_the_literature_are_of_SAEs_that_the_release_has(string name)
    {
        var model = KnownModels.Find(name)!;
        if (model.Latents.Count == 0) return;
        var sae = SaeReference.Of(model.Sae!).Published!;
        Assert.All(model.Latents, l => Assert.Equal(l.Hook.ToString(), SaeRegistry.InLayer(sae.Release, sae.Id, l.Hook.Layer)!.Hook));
    }

    [Fact]
    public void The_shipped_models_record_agrees_with_its_files()
    {
        var known = KnownModels.Find("tiny")!;
        using var bench = Workbench.Open("tiny");
        Assert.Same(known, bench.Known);
        Assert.Equal((known.Layers, known.Dtype), (bench.Model.Config.NLayers, bench.Model.Dtype));
        Assert.Equal(known.Hook, bench.Sae(known.Hook).Config.Hook);
        Assert.Equal(Reference.ToSae(known.Sae!).Name, known.Hook.ToString());
        foreach (var example in known.Examples)
            Assert.StartsWith(example.Continuation, bench.Model.Generate(example.Prompt, new GenerationOptions { MaxNewTokens = 30 }).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gemma-2-2c", "gemma-2-2b")]
    [InlineData("gemma2-2b", "gemma-2-2b")]
    [InlineData("GPT2", "gpt2")]
    [InlineData("gpt-2", "gpt2")]
    [InlineData("llama3.1-8b", "llama-3.1-8b")]
    [InlineData("Pythia-70m-dedupd", "pythia-70m-deduped")]
    [InlineData("tyni", "tiny")]
    public void A_misspelt_name_has_its_nearest_first(string name, string nearest) => Assert.Equal(nearest, KnownModels.Nearest(name)[0]);

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("bert-large-uncased")]
    public void A_name_like_none_has_none(string name) => Assert.Empty(KnownModels.Nearest(name));
}
