using System.Text.Json.Nodes;
using SaeNotebooks.Checkpoints;
using SaeNotebooks.Models;
using SaeNotebooks.Tests.Goldens;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Models;

/// <summary>Loads copies of the Llama golden with one thing wrong in each.</summary>
public sealed class LoadTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("model").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private CheckpointException FailureWith(Action<JsonObject>? config = null, Action<Dictionary<string, Tensor>>? weights = null)
    {
        using var scope = NewDisposeScope();
        var json = JsonNode.Parse(File.ReadAllText(Golden.PathOf("llama", "config.json")))!.AsObject();
        config?.Invoke(json);
        File.WriteAllText(Path.Combine(_folder, "config.json"), json.ToJsonString());
        using var file = SafetensorsFile.Open(Golden.PathOf("llama", "model.safetensors"));
        var tensors = file.Tensors.Keys.ToDictionary(name => name, name => file.Read(name));
        weights?.Invoke(tensors);
        SafetensorsWriter.Write(Path.Combine(_folder, "model.safetensors"), tensors);
        return Assert.Throws<CheckpointException>(() => HookedTransformer.Load(_folder));
    }

    [Fact]
    public void AnUnknownArchitectureIsToldWhatIsSupported()
    {
        var error = FailureWith(config: c => c["model_type"] = "mamba");
        Assert.Contains("'mamba' is not supported; supported are llama", error.Message);
        Assert.Equal("model_type", error.Item);
    }

    [Fact]
    public void AMissingKeyIsNamed() => Assert.Equal("hidden_size", FailureWith(config: c => c.Remove("hidden_size")).Item);

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

    [Fact]
    public void AMissingFileOrFolderIsNamed()
    {
        Assert.Contains("no such folder", Assert.Throws<CheckpointException>(() => HookedTransformer.Load(Path.Combine(_folder,
            "nowhere"))).Message);
        Assert.Contains("config.json", Assert.Throws<CheckpointException>(() => HookedTransformer.Load(_folder)).Message);
        File.Copy(Golden.PathOf("llama", "config.json"), Path.Combine(_folder, "config.json"));
        Assert.Contains("model.safetensors", Assert.Throws<CheckpointException>(() => HookedTransformer.Load(_folder)).Message);
    }

    [Fact]
    public void ShardsAndTheNewConfigurationLayoutLoadToTheSameModel()
    {
        using var scope = NewDisposeScope();
        File.Copy(Golden.PathOf("llama", "config.v5.json"), Path.Combine(_folder, "config.json"));
        using var file = SafetensorsFile.Open(Golden.PathOf("llama", "model.safetensors"));
        var map = new JsonObject();
        foreach (var (shard, names) in file.Tensors.Keys.Order().Chunk(20).Index())
        {
            SafetensorsWriter.Write(Path.Combine(_folder, $"model-{shard}.safetensors"), names.ToDictionary(n => n, n => file.Read(n)));
            foreach (var name in names) map[name] = $"model-{shard}.safetensors";
        }
        var index = Path.Combine(_folder, "model.safetensors.index.json");
        File.WriteAllText(index, new JsonObject { ["weight_map"] = map }.ToJsonString());

        using var sharded = HookedTransformer.Load(_folder);
        using var single = TestModels.Load("llama");
        using var a = sharded.Run(new[] { 2, 9, 40 });
        using var b = single.Run(new[] { 2, 9, 40 });
        Assert.True((a.Logits == b.Logits).all().item<bool>());

        map["lm_head.weight"] = "../model-0.safetensors";
        File.WriteAllText(index, new JsonObject { ["weight_map"] = map.DeepClone() }.ToJsonString());
        Assert.Equal("lm_head.weight", Assert.Throws<CheckpointException>(() => HookedTransformer.Load(_folder)).Item);
    }
}
