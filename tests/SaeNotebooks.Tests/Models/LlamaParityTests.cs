using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Tests.Goldens;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Models;

/// <summary>Logits, residual streams and patterns against HuggingFace transformers.</summary>
public class LlamaParityTests
{
    private const double Tolerance = 5e-5;

    [Theory]
    [InlineData("llama", 0), InlineData("llama", 1), InlineData("llama_tied", 0), InlineData("llama_tied", 1)]
    public void AloneEveryLayerAgrees(string family, int prompt)
    {
        using var golden = new Golden(family);
        using var model = TestModels.Load(family);
        var layers = model.Config.NLayers;
        using var run = model.Run(golden.Ids($"prompt{prompt}"), HookSet.EachLayer(layers, Hook.ResidPost) + HookSet.EachLayer(layers, Hook.Pattern) + Hook.ResidPre(0), logits: true);

        using var scope = NewDisposeScope();
        Compare.MaxAbs(golden.Read($"single{prompt}.resid_pre.0"), run[Hook.ResidPre(0)], Tolerance, "resid_pre 0");
        for (var layer = 0; layer < layers; layer++)
        {
            Compare.MaxAbs(golden.Read($"single{prompt}.resid_post.{layer}"), run[Hook.ResidPost(layer)], Tolerance, $"resid_post {layer}");
            Compare.MaxAbs(golden.Read($"single{prompt}.attn.{layer}"), run[Hook.Pattern(layer)], Tolerance, $"pattern {layer}");
        }
        Compare.MaxAbs(golden.Read($"single{prompt}.logits"), run.Logits, Tolerance, "logits");
    }

    [Theory]
    [InlineData("llama"), InlineData("llama_tied")]
    public void FusedAttentionAgreesToo(string family)
    {
        using var golden = new Golden(family);
        using var model = TestModels.Load(family);
        using var run = model.Run(golden.Ids("prompt0"));
        using var expected = golden.Read("single0.logits");
        Compare.MaxAbs(expected, run.Logits, Tolerance, "logits");
    }

    [Theory]
    [InlineData("llama", "right"), InlineData("llama", "left"), InlineData("llama_tied", "right"), InlineData("llama_tied", "left")]
    public void PaddedBatchesAgreeWhereThereAreTokens(string family, string side)
    {
        using var golden = new Golden(family);
        using var model = TestModels.Load(family);
        var batch = new TokenBatch([golden.Ids("prompt0"), golden.Ids("prompt1")], side == "left" ? Padding.Left : Padding.Right);
        var last = Hook.ResidPost(model.Config.NLayers - 1);
        foreach (var capture in new HookSet[] { [last], [last, Hook.Pattern(1)] }) // fused and explicit attention
        {
            using var run = model.Run(batch, capture, logits: true);
            using var scope = NewDisposeScope();
            var mask = golden.Read($"{side}.attention_mask").to(ScalarType.Float32).unsqueeze(-1);
            Compare.MaxAbs(golden.Read($"{side}.logits") * mask, run.Logits * mask, Tolerance, "logits");
            Compare.MaxAbs(golden.Read($"{side}.resid_post.{last.Layer}") * mask, run[last] * mask, Tolerance, "resid_post");
            if (capture.Contains(Hook.Pattern(1)) && golden.Names.Contains($"{side}.attn.1"))
                Compare.MaxAbs(golden.Read($"{side}.attn.1") * mask.unsqueeze(1), run[Hook.Pattern(1)] * mask.unsqueeze(1), Tolerance,
                    "pattern");
        }
    }

    [Fact]
    public void EveryHookAgreesWithTransformerLens()
    {
        using var golden = new Golden("tl_llama");
        using var model = TestModels.Load("llama");
        var names = golden.Names.Where(n => n.StartsWith("raw.cache.", StringComparison.Ordinal) && !n.Contains("unembed")).ToList();
        HookSet capture = names.Select(n => HookName.Parse(n["raw.cache.".Length..])).ToList();
        Assert.Equal(names.Count, capture.Count);
        using var run = model.Run(golden.Ids("tokens"), capture, logits: true);
        using var scope = NewDisposeScope();
        foreach (var hook in capture) Compare.MaxAbs(golden.Read($"raw.cache.{hook}"), run[hook], Tolerance, hook.ToString());
        Compare.MaxAbs(golden.Read("raw.logits"), run.Logits, Tolerance, "logits");
    }

    [Fact]
    public void RotaryFrequenciesAreScaledAsInTheReference()
    {
        using var golden = new Golden("llama");
        using var expected = golden.Read("rope.inv_freq");
        foreach (var file in new[] { "config.json", "config.v5.json" })
        {
            var rope = RopeFrequencies.Read(ConfigJson.Load(Golden.PathOf("llama", file)), 12);
            foreach (var (e, a) in expected.data<float>().ToArray().Zip(rope.InverseFrequencies)) Assert.Equal(e, a, e * 1e-6);
        }
    }

    [Fact]
    public void BfloatFilesRunTightlyInFloat32()
    {
        using var golden = new Golden("llama_bf16", "golden_fp32_compute.safetensors");
        using var model = TestModels.Load("llama_bf16");
        using var run = model.Run(golden.Ids("prompt0"), HookSet.EachLayer(4, Hook.ResidPost), logits: true);
        using var scope = NewDisposeScope();
        Compare.MaxAbs(golden.Read("single0.logits"), run.Logits, Tolerance, "logits");
        for (var layer = 0; layer < 4; layer++)
            Compare.MaxAbs(golden.Read($"single0.resid_post.{layer}"), run[Hook.ResidPost(layer)], Tolerance, $"resid_post {layer}");
    }

    /// <summary>bfloat16 rounds everywhere, so the measure is how far the reference's own bfloat16 run is from its float32 run.</summary>
    [Fact]
    public void Bfloat16ComputeIsAsCloseToFloat32AsTheReference()
    {
        using var exact = new Golden("llama_bf16", "golden_fp32_compute.safetensors");
        using var rounded = new Golden("llama_bf16", "golden_bf16_compute.safetensors");
        using var model = TestModels.Load("llama_bf16", ScalarType.BFloat16);
        using var run = model.Run(exact.Ids("prompt0"), HookSet.EachLayer(4, Hook.ResidPost), logits: true);
        using var scope = NewDisposeScope();
        void AtMostTheReferencesError(string key, Tensor actual)
        {
            var expected = exact.Read(key);
            double Error(Tensor x) => ((x.to(ScalarType.Float32) - expected).norm() / expected.norm()).item<float>();
            Assert.True(Error(actual) <= 1.25 * Error(rounded.Read(key)),
                $"{key}: {Error(actual):g3}, the reference's is {Error(rounded.Read(key)):g3}");
            Assert.InRange(Error(actual), 1e-4, 2e-2);
        }
        Assert.Equal(ScalarType.BFloat16, run[Hook.ResidPost(3)].dtype);
        for (var layer = 0; layer < 4; layer++) AtMostTheReferencesError($"single0.resid_post.{layer}", run[Hook.ResidPost(layer)]);
        AtMostTheReferencesError("single0.logits", run.Logits);
    }
}
