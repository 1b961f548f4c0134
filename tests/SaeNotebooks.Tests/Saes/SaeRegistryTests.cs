using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Registry;
using SaeNotebooks.Tests.Goldens;

namespace SaeNotebooks.Tests.Saes;

public sealed class SaeRegistryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hub").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("gemma-scope-2b-pt-res-canonical", "layer_12/width_16k/canonical", "google/gemma-scope-2b-pt-res", "layer_12/width_16k/average_l0_82", "blocks.12.hook_resid_post", 82.0)]
    [InlineData("gemma-scope-2b-pt-res-canonical", "layer_20/width_16k/canonical", "google/gemma-scope-2b-pt-res", "layer_20/width_16k/average_l0_71", "blocks.20.hook_resid_post", 71.0)]
    [InlineData("gemma-scope-9b-pt-res-canonical", "layer_41/width_16k/canonical", "google/gemma-scope-9b-pt-res", "layer_41/width_16k/average_l0_113", "blocks.41.hook_resid_post", 113.0)]
    [InlineData("gemma-scope-2b-pt-att", "layer_3/width_65k/average_l0_77", "google/gemma-scope-2b-pt-att", "layer_3/width_65k/average_l0_77", "blocks.3.attn.hook_z", 77.0)]
    [InlineData("gemma-scope-2-4b-pt-transcoders-all", "layer_5_width_16k_l0_big_affine", "google/gemma-scope-2-4b-pt", "transcoder_all/layer_5_width_16k_l0_big_affine", "blocks.5.mlp.hook_in", null)]
    [InlineData("llama_scope_lxr_8x", "l15r_8x", "fnlp/Llama3_1-8B-Base-LXR-8x", "Llama3_1-8B-Base-L15R-8x", "blocks.15.hook_resid_post", null)]
    [InlineData("llama_scope_lxtc_32x", "l8tc_32x", "fnlp/Llama3_1-8B-Base-LXTC-32x", "Llama3_1-8B-Base-L8TC-32x", "blocks.8.ln2.hook_normalized", null)]
    [InlineData("gpt2-small-res-jb", "blocks.8.hook_resid_pre", "jbloom/GPT2-Small-SAEs-Reformatted", "blocks.8.hook_resid_pre", "blocks.8.hook_resid_pre", 60.0)]
    [InlineData("gpt2-small-res-jb", "blocks.11.hook_resid_post", "jbloom/GPT2-Small-SAEs-Reformatted", "blocks.11.hook_resid_post", "blocks.11.hook_resid_post", 70.0)]
    [InlineData("sae-llama-3-8b-32x", "layers.31", "EleutherAI/sae-llama-3-8b-32x", "layers.31", "blocks.31.hook_resid_post", 192.0)]
    public void Published_SAEs_are_found_by_name(string release, string id, string repository, string path, string hook, double? l0)
    {
        var sae = SaeRegistry.Find(release, id);
        Assert.Equal((repository, path, hook, l0), (sae.Repository, sae.Path, sae.Hook, sae.L0));
    }

    [Fact]
    public void Published_variance_explained_comes_with_the_L0() =>
        Assert.Equal((32.0, 0.74), (SaeRegistry.Find("gpt2-small-resid-post-v5-32k", "blocks.8.hook_resid_post").L0!.Value, SaeRegistry.Find("gpt2-small-resid-post-v5-32k", "blocks.8.hook_resid_post").Fve!.Value));

    [Theory]
    [InlineData("gemma-scope-2b-pt-rse-canonical", "x", "'gemma-scope-2b-pt-res-canonical'")]
    [InlineData("gemma-scope-2b-pt-res-canonical", "layer_12/width_16k/cannonical", "'layer_12/width_16k/canonical'")]
    [InlineData("gemma-scope-2b-pt-res-canonical", "layer_26/width_16k/canonical", "'layer_2")]
    [InlineData("gpt2-small-res-jb", "blocks.12.hook_resid_pre", "'blocks.1")]
    [InlineData("gemma-scope-2b-pt-mlp", "layer_12/width_16k", "'layer_{layer}/width_{width}/average_l0_{l0}'")]
    public void A_misspelt_name_is_answered_with_the_nearest(string release, string id, string expected)
    {
        var message = Assert.Throws<ReferenceException>(() => SaeRegistry.Find(release, id)).Message;
        Assert.Contains("did you mean", message);
        Assert.Contains(expected, message);
    }

    [Fact]
    public void Every_line_of_the_list_holds_together()
    {
        foreach (var release in SaeRegistry.Releases)
            foreach (var id in SaeRegistry.Ids(release))
            {
                var sae = SaeRegistry.Find(release, id.Replace("{layer}", "1").Replace("{width}", "16k").Replace("{l0}", "50").Replace("{size}", "small").Replace("{affine}", ""));
                Assert.Contains(sae.Format, SaeFile.Formats);
                Assert.DoesNotContain('{', sae.Path + sae.Hook + sae.OutputHook);
                Assert.True(HookName.TryParse(sae.Hook, out _), sae.Hook);
                Assert.True(sae.OutputHook is null || HookName.TryParse(sae.OutputHook, out _), sae.OutputHook);
                Assert.Equal(2, sae.Repository.Split('/').Length);
            }
    }

    [Fact]
    public void A_reference_is_a_path_or_one_of_a_set()
    {
        Assert.Equal(("gpt2-small-res-jb", "blocks.8.hook_resid_pre"), NameOf("gpt2-small-res-jb:blocks.8.hook_resid_pre"));
        Assert.Equal(("sae-pythia-160m-32k", "layers.6"), NameOf("EleutherAI/sae-pythia-160m-32k:layers.6"));
        Assert.Equal(_folder, SaeReference.Of(_folder).Path);
        Assert.Contains("did you mean 'gpt2-small-res-jb'", Assert.Throws<ReferenceException>(() => SaeReference.Of("gpt2-small-res-bj:blocks.8.hook_resid_pre")).Message);
        Assert.Contains("there is no such file or folder", Assert.Throws<SaeNotebooks.Checkpoints.CheckpointException>(() => SaeReference.Of("nowhere/sae")).Message);

        static (string, string) NameOf(string text) => SaeReference.Of(text).Published is { } sae ? (sae.Release, sae.Id) : ("", "");
    }

    [Theory]
    [InlineData("gemma-scope-2b-pt-res-canonical", "layer_20/width_16k/canonical", 12, "layer_12/width_16k/canonical")]
    [InlineData("llama_scope_lxr_8x", "l8r_8x", 3, "l3r_8x")] // the width is no layer
    [InlineData("gpt2-small-res-jb", "blocks.8.hook_resid_pre", 0, "blocks.0.hook_resid_pre")]
    [InlineData("gpt2-small-res-jb", "blocks.8.hook_resid_pre", 12, null)]
    [InlineData("gemma-2b-res-jb", "blocks.12.hook_resid_post", 11, null)] // left out
    public void An_SAE_has_its_likes_in_other_layers(string release, string id, int layer, string? other) => Assert.Equal(other, SaeRegistry.InLayer(release, id, layer)?.Id);

    [Fact]
    public void The_SAE_that_a_known_model_begins_with_is_in_the_list() =>
        Assert.All(SaeNotebooks.Models.Known.KnownModels.All.Where(m => m is { Sae: not null, Repository: not null }),
            model => Assert.Equal(model.Hook.ToString(), SaeReference.Of(model.Sae!).Published!.Hook));

    [Fact]
    public void An_SAE_is_fetched_and_read_with_the_hook_of_the_list()
    {
        var folder = Path.Combine(_folder, "google/gemma-scope-2b-pt-res/layer_12/width_16k/average_l0_82");
        Directory.CreateDirectory(folder);
        File.Copy(Golden.PathOf("sae_gemma_scope", "params_deflate.npz"), Path.Combine(folder, "params.npz"));
        var asked = new List<string>();
        string? Source(string repository, string path)
        {
            asked.Add($"{repository}/{path}");
            var local = Path.Combine(_folder, repository, path);
            return File.Exists(local) ? local : null;
        }
        using (var sae = SaeRegistry.Load("gemma-scope-2b-pt-res-canonical", "layer_12/width_16k/canonical", source: Source))
            Assert.Equal((Hook.ResidPost(12), "google/gemma-2-2b", 128), (sae.Config.Hook, sae.Config.ModelName, sae.Width));
        Assert.Equal(["google/gemma-scope-2b-pt-res/layer_12/width_16k/average_l0_82/params.npz"], asked);
        Assert.Contains("has no layer_13/width_16k/average_l0_84/params.npz",
            Assert.Throws<ReferenceException>(() => SaeRegistry.Load("gemma-scope-2b-pt-res-canonical", "layer_13/width_16k/canonical", source: Source)).Message);
    }

    [Fact]
    public void Formats_of_several_files_are_fetched_whole()
    {
        Copy("sae_sparsify_topk", "EleutherAI/sae-pythia-160m-32k");
        string? Source(string repository, string path) => Path.Combine(_folder, repository, path) is var local && File.Exists(local) ? local : null;
        using var sae = SaeRegistry.Load("sae-pythia-160m-32k", "layers.1", source: Source);
        Assert.Equal((Hook.ResidPost(1), 2048), (sae.Config.Hook, sae.Config.ContextSize));
    }

    private void Copy(string golden, string repository)
    {
        foreach (var file in Directory.GetFiles(Golden.PathOf(golden), "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(_folder, repository, Path.GetRelativePath(Golden.PathOf(golden), file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
