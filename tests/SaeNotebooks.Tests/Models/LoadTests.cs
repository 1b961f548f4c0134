using System.Text.Json.Nodes;
using SaeNotebooks.Checkpoints;
using SaeNotebooks.Models;
using SaeNotebooks.Tests.Goldens;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Models;

/// <summary>Loads copies of a golden with one thing wrong in each.</summary>
public class LoadTests
{
    private static CheckpointException FailureWith(Action<JsonObject>? config = null, Action<Dictionary<string, Tensor>>? weights = null, string family = "llama")
    {
        using var folder = new ModelFolder(family, config, weights);
        return Assert.Throws<CheckpointException>(folder.Load);
    }

    [Fact]
    public void AnUnknownArchitectureIsToldWhatIsSupported()
    {
        var error = FailureWith(config: c => c["model_type"] = "mamba");
        Assert.Contains("'mamba' is not supported; supported are gpt2, gpt_neox, llama", error.Message);
        Assert.Equal("model_type", error.Item);
    }

    [Fact]
    public void AMissingKeyIsNamed() => Assert.Equal("hidden_size", FailureWith(config: c => c.Remove("hidden_size")).Item);

    [Theory]
    [InlineData("gpt2", "n_embd"), InlineData("gpt_neox", "rotary_pct"), InlineData("gemma2", "attn_logit_softcapping"), InlineData("gemma2", "query_pre_attn_scalar"),
     InlineData("mistral", "rms_norm_eps"), InlineData("qwen3", "hidden_act"), InlineData("gemma3_text", "sliding_window")]
    public void AMissingKeyIsNamedInEveryFamily(string family, string key) =>
        Assert.Equal(key, FailureWith(config: c => c.Remove(key), family: family).Item);

    [Fact]
    public void ASoftCapThatIsNullIsNone()
    {
        using var folder = new ModelFolder("gemma2", config: c => c["final_logit_softcapping"] = null);
        using var model = folder.Load();
        using var run = model.Run(new[] { 2, 9, 40 });
        Assert.True(run.Logits.abs().max().item<float>() > 1);
    }

    [Fact]
    public void WrongKindsOfLayersAreRefused()
    {
        Assert.Contains("'chunked_attention' is not supported", FailureWith(c => c["layer_types"] = new JsonArray("chunked_attention", "full_attention", "full_attention", "full_attention"), family: "gemma2").Message);
        Assert.Contains("has 1 entries for 4 layers", FailureWith(c => c["layer_types"] = new JsonArray("full_attention"), family: "gemma2").Message);
        Assert.Equal("hidden_activation", FailureWith(c => c["hidden_activation"] = "swish", family: "gemma2").Item);
        Assert.Equal("use_bidirectional_attention", FailureWith(c => c["use_bidirectional_attention"] = true, family: "gemma3_text").Item);
    }

    [Fact]
    public void AValueOfTheWrongKindIsNamed() =>
        Assert.Contains("is sixty, expected a positive integer", FailureWith(config: c => c["num_hidden_layers"] = "sixty").Message);

    [Fact]
    public void AnUnknownRotaryScalingIsRefused() =>
        Assert.Equal("rope_scaling.rope_type", FailureWith(config: c => c["rope_scaling"]!["rope_type"] = "yarn").Item);

    [Fact]
    public void AShapeThatContradictsTheConfigurationIsNamed()
    {
        var error = FailureWith(config: c => c["intermediate_size"] = 100);
        Assert.Equal("model.layers.0.mlp.gate_proj.weight", error.Item);
        Assert.Contains("the shape is [96, 48], but config.json implies [100, 48]", error.Message);
    }

    [Fact]
    public void AMissingTensorIsNamed() =>
        Assert.Equal("model.layers.2.mlp.down_proj.weight", FailureWith(weights: w =>
            w.Remove("model.layers.2.mlp.down_proj.weight")).Item);

    [Fact]
    public void AnExtraTensorIsNamed() =>
        Assert.Equal("model.layers.0.self_attn.q_proj.bias", FailureWith(weights: w =>
            w["model.layers.0.self_attn.q_proj.bias"] = ones(48)).Item);

    [Theory]
    [InlineData("gpt2", "transformer.wte.weight"), InlineData("gpt2", "transformer.h.3.mlp.c_fc.bias"), InlineData("gemma3_text", "model.layers.1.self_attn.q_norm.weight"),
     InlineData("gpt_neox", "gpt_neox.layers.2.attention.query_key_value.bias"), InlineData("gemma2", "model.layers.0.pre_feedforward_layernorm.weight")]
    public void AMissingTensorIsNamedInEveryFamily(string family, string tensor) =>
        Assert.Equal(tensor, FailureWith(weights: w => w.Remove(tensor), family: family).Item);

    [Theory]
    [InlineData("gpt2", "transformer.h.0.attn.c_attn.weight", 144, 48), InlineData("gpt_neox", "gpt_neox.layers.0.attention.query_key_value.weight", 64, 192),
     InlineData("qwen3", "model.layers.3.self_attn.k_norm.weight", 12, 1)]
    public void AWrongShapeIsNamedInEveryFamily(string family, string tensor, int rows, int columns)
    {
        var error = FailureWith(weights: w => w[tensor] = ones(rows, columns), family: family);
        Assert.Equal(tensor, error.Item);
        Assert.Contains($"the shape is [{rows}, {columns}], but config.json implies", error.Message);
    }

    [Fact]
    public void AMissingFileOrFolderIsNamed()
    {
        using var folder = new ModelFolder();
        Assert.Contains("no such folder", Assert.Throws<CheckpointException>(() => HookedTransformer.Load(folder.PathOf("nowhere"))).Message);
        Assert.Contains("config.json", Assert.Throws<CheckpointException>(folder.Load).Message);
        File.Copy(Golden.PathOf("llama", "config.json"), folder.PathOf("config.json"));
        Assert.Contains("model.safetensors", Assert.Throws<CheckpointException>(folder.Load).Message);
    }

    [Theory]
    [InlineData("{ not json", null), InlineData("[]", "weight_map"), InlineData("{\"weight_map\": []}", "weight_map"), InlineData("{\"weight_map\": {}}", "weight_map"),
     InlineData("{\"weight_map\": {\"a\": 3}}", "a"), InlineData("{\"weight_map\": {\"a\": \"x.safetensors\", \"a\": \"y.safetensors\"}}", "a"),
     InlineData("{\"weight_map\": {\"a\": \"\\udc00.safetensors\"}}", null)]
    public void ADamagedIndexIsNamed(string text, string? item)
    {
        using var folder = new ModelFolder("llama");
        folder.Shard(tensorsEach: 20);
        File.WriteAllText(folder.PathOf("model.safetensors.index.json"), text);
        var error = Assert.Throws<CheckpointException>(folder.Load);
        Assert.Equal(folder.PathOf("model.safetensors.index.json"), error.File);
        Assert.Equal(item, error.Item);
    }

    [Theory]
    [InlineData("../model.safetensors"), InlineData("/etc/model.safetensors"), InlineData("sub/model.safetensors"), InlineData("..\\model.safetensors"), InlineData(".."), InlineData("model.bin")]
    public void AnIndexCannotReachOutsideOfItsFolder(string file)
    {
        using var folder = new ModelFolder("llama");
        var map = folder.Shard(tensorsEach: 20);
        map["lm_head.weight"] = file;
        folder.WriteIndex(map);
        var error = Assert.Throws<CheckpointException>(folder.Load);
        Assert.Equal("lm_head.weight", error.Item);
        Assert.Contains($"'{file}' is not the name of a safetensors file in this folder", error.Message);
    }

    [Fact]
    public void AnIndexThatContradictsItsShardsIsRefused()
    {
        using var folder = new ModelFolder("llama");
        var map = folder.Shard(tensorsEach: 20);
        void FailsWith(string? item, string message, Action<JsonObject> change)
        {
            var changed = map.DeepClone().AsObject();
            change(changed);
            folder.WriteIndex(changed);
            var error = Assert.Throws<CheckpointException>(folder.Load);
            Assert.Equal(item, error.Item);
            Assert.Contains(message, error.Message);
        }
        FailsWith(null, "'model-00009.safetensors' that it names is not in the folder", m => m["lm_head.weight"] = "model-00009.safetensors");
        FailsWith("lm_head.weight", "which does not hold it", m => m["lm_head.weight"] = "model-00002.safetensors");
        FailsWith("lm_head.weight", "but the index does not place it there", m => m.Remove("lm_head.weight"));
    }
}
