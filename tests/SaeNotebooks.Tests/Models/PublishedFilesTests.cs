using System.Text.Json.Nodes;
using SaeNotebooks.Tests.Goldens;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Models;

/// <summary>Checkpoints as the hub has them: other names, buffers that are no weights, wrappings, shards, half precision.</summary>
public class PublishedFilesTests
{
    private const double Tolerance = 5e-5;

    /// <summary>openai-community/gpt2: no prefix, causal masks among the weights.</summary>
    [Fact]
    public void Gpt2WithoutPrefixAndWithMasks() => RequireSame("gpt2", "gpt2", weights =>
    {
        foreach (var name in weights.Keys.ToList())
        {
            weights[name["transformer.".Length..]] = weights[name];
            weights.Remove(name);
        }
        for (var layer = 0; layer < 4; layer++) weights[$"h.{layer}.attn.bias"] = ones(1, 1, 64, 64).tril();
    });

    /// <summary>EleutherAI/pythia-*: float16, with masks and rotary tables among the weights.</summary>
    [Fact]
    public void PythiaInFloat16WithBuffers()
    {
        using var folder = new ModelFolder("gpt_neox", weights: weights =>
        {
            foreach (var name in weights.Keys.ToList()) weights[name] = weights[name].to(ScalarType.Float16);
            for (var layer = 0; layer < 4; layer++)
            {
                var at = $"gpt_neox.layers.{layer}.attention";
                weights[$"{at}.bias"] = ones(1, 1, 128, 128, dtype: ScalarType.Bool).tril();
                weights[$"{at}.masked_bias"] = tensor(-1e9f);
                weights[$"{at}.rotary_emb.inv_freq"] = ones(2);
            }
        });
        using var golden = new Golden("gpt_neox_hub_fp16", "golden_fp32_compute.safetensors");
        using var model = folder.Load();
        Assert.All(Parity.Alone(model, golden), d => Assert.InRange(d.Max, 0, Tolerance));
        Assert.All(Parity.Greedy(model, golden), g => Assert.Equal(g.Expected, g.Actual));
    }

    /// <summary>google/gemma-3-4b-*: the language model inside of a multimodal checkpoint, as published and as saved since.</summary>
    [Theory]
    [InlineData("language_model.model.", ""), InlineData("model.language_model.", "model.")]
    public void Gemma3BesideAVisionTower(string prefix, string tower) => RequireSame("gemma3_linear", "gemma3", weights =>
    {
        foreach (var name in weights.Keys.ToList())
        {
            weights[prefix + name["model.".Length..]] = weights[name];
            weights.Remove(name);
        }
        weights[$"{tower}vision_tower.vision_model.post_layernorm.weight"] = ones(8);
        weights[$"{tower}multi_modal_projector.mm_input_projection_weight"] = ones(8, 48);
    });

    /// <summary>The published configuration has ends of sequence outside of the text part, and leaves out what is usual.</summary>
    [Fact]
    public void Gemma3SpecialTokensAreFoundWhereverTheyAre()
    {
        using var folder = new ModelFolder("gemma3_linear", config: json =>
        {
            foreach (var key in new[] { "bos_token_id", "eos_token_id", "pad_token_id", "rms_norm_eps", "rope_theta", "hidden_activation" }) json.Remove(key);
            var text = json.DeepClone();
            json.Clear();
            (json["model_type"], json["text_config"], json["eos_token_id"]) = ("gemma3", text, new JsonArray(1, 106));
        });
        using var golden = new Golden("gemma3_linear");
        using var model = folder.Load();
        Assert.Equal((2, 0), (model.Config.SpecialTokens.Bos, model.Config.SpecialTokens.Pad));
        Assert.Equal([1, 106], model.Config.SpecialTokens.Eos);
        Assert.All(Parity.Alone(model, golden), d => Assert.InRange(d.Max, 0, Tolerance));
    }

    [Fact]
    public void ShardsAreOneModel()
    {
        using var golden = new Golden("qwen2");
        using var folder = new ModelFolder("qwen2");
        folder.Shard(tensorsEach: 13);
        using var model = folder.Load();
        Assert.All(Parity.Alone(model, golden), d => Assert.InRange(d.Max, 0, Tolerance));
    }

    private static void RequireSame(string family, string type, Action<Dictionary<string, Tensor>> weights)
    {
        using var golden = new Golden(family);
        using var folder = new ModelFolder(family, weights: weights, config: json =>
        {
            if (json["model_type"]!.GetValue<string>() == type) return;
            var text = json.DeepClone();
            json.Clear();
            (json["model_type"], json["text_config"]) = (type, text);
        });
        using var model = folder.Load();
        Assert.All(Parity.Alone(model, golden), d => Assert.InRange(d.Max, 0, Tolerance));
    }
}
