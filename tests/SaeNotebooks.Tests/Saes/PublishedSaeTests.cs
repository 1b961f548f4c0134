using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Formats;
using SaeNotebooks.Tests.Goldens;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Saes;

/// <summary>Each published format against what its own reference implementation computed from the same files.</summary>
public class PublishedSaeTests
{
    /// <summary>Folder of the golden, path in it, prefix of the golden's tensors, and what the files leave open.</summary>
    public static TheoryData<string, string, string> Saes
    {
        get
        {
            var cases = new TheoryData<string, string, string>();
            foreach (var folder in Directory.GetDirectories(Golden.PathOf(), "sae_*").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal))
                foreach (var (path, prefix) in Cases(folder)) cases.Add(folder, path, prefix);
            return cases;
        }
    }

    private static (string Path, string Prefix)[] Cases(string folder) => folder switch
    {
        "sae_gemma_scope" => [("layer_1/width_16k/average_l0_71", ""), ("params_deflate.npz", "")],
        "sae_llama_scope" => [("", "lmsaes_float32."), ("", "saelens_float32.")],
        "sae_dl_standard" => [("", ""), ("ae_legacy.pt", ""), ("config.json", "")],
        "sae_openai_relu" or "sae_openai_topk" => [("autoencoder.pt", "")],
        _ => [("", "")], // sparsify's hook point is found in its run's folder
    };

    [Theory, MemberData(nameof(Saes))]
    public void Latents_and_reconstructions_are_those_of_the_reference(string folder, string path, string prefix)
    {
        using var scope = NewDisposeScope();
        using var golden = new Golden(folder);
        using var sae = Load(folder, path, prefix);
        Tensor x = golden.Read("x"), expected = golden.Read(prefix + "acts");
        using var latents = sae.Encode(x);
        var dense = latents.ToDense();
        Assert.True(dense.gt(0).equal(expected.gt(0)).all().item<bool>(), "other latents are active");
        AssertClose(expected, dense);
        if (golden.Names.Contains(prefix + "recon")) AssertClose(golden.Read(prefix + "recon"), sae.Decode(latents));
        if (!golden.Names.Contains("fwd")) return;
        var forward = golden.Read("fwd");
        AssertClose(forward, sae.Reconstruct(x));
        if (!sae.Config.IsTranscoder) AssertClose(x - forward, sae.Error(x));
    }

    [Theory, MemberData(nameof(Saes))]
    public void Exported_to_SAELens_it_computes_the_same(string folder, string path, string prefix)
    {
        if (folder == "sae_sparsify_groupmax" || folder == "sae_sparsify_skip_transcoder") return; // SAELens has neither
        using var scope = NewDisposeScope();
        using var golden = new Golden(folder);
        using var sae = Load(folder, path, prefix);
        var exported = Directory.CreateTempSubdirectory("export").FullName;
        try
        {
            SaeLensFormat.Save(sae, exported);
            using var again = SaeFile.Load(exported);
            var x = golden.Read("x");
            using SparseLatents before = sae.Encode(x), after = again.Encode(x);
            AssertClose(before.ToDense(), after.ToDense());
            AssertClose(sae.Reconstruct(x), again.Reconstruct(x));
            Assert.Equal((sae.Config, sae.ToString()), (again.Config, again.ToString()));
        }
        finally { Directory.Delete(exported, recursive: true); }
    }

    [Fact]
    public void An_architecture_that_SAELens_does_not_have_is_not_exported()
    {
        var nowhere = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString());
        using var groups = SaeFile.Load(Golden.PathOf("sae_sparsify_groupmax"));
        Assert.Contains("SAELens has no groupmax; it has standard", Assert.Throws<ArgumentException>(() => SaeLensFormat.Save(groups, nowhere)).Message);
        Assert.False(Directory.Exists(nowhere));
    }

    [Fact]
    public void No_published_golden_is_left_out() =>
        Assert.Equal(26, Directory.GetDirectories(Golden.PathOf(), "sae_*").Length);

    private static Sae Load(string folder, string path, string prefix) => SaeFile.Load(Path.Combine(Golden.PathOf(folder), path), new()
    {
        HookIfUnknown = Hook.ResidPost(1), LlamaScope = prefix.StartsWith("saelens", StringComparison.Ordinal) ? LlamaScopeConvention.SaeLens : LlamaScopeConvention.Authors,
    });

    /// <summary>Within 1e-5 of the largest value: a sum of 32 or 128 products has no better relative accuracy where terms cancel.</summary>
    private static void AssertClose(Tensor expected, Tensor actual) =>
        Compare.MaxAbs(expected, actual, 1e-5 * expected.abs().max().item<float>(), "against the reference");
}
