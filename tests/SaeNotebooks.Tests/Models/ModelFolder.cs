using System.Text.Json.Nodes;
using SaeNotebooks.Checkpoints;
using SaeNotebooks.Models;
using SaeNotebooks.Tests.Goldens;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Models;

/// <summary>A golden checkpoint, copied to a folder of its own with some things changed.</summary>
internal sealed class ModelFolder : IDisposable
{
    public ModelFolder() => Path = Directory.CreateTempSubdirectory("model").FullName;

    /// <param name="family">the golden</param>
    /// <param name="config">changes its configuration</param>
    /// <param name="weights">changes its tensors; they belong to the current dispose scope</param>
    /// <param name="configFile">which of its configurations to begin with</param>
    public ModelFolder(string family, Action<JsonObject>? config = null, Action<Dictionary<string, Tensor>>? weights = null, string configFile = "config.json") : this()
    {
        var json = JsonNode.Parse(File.ReadAllText(Golden.PathOf(family, configFile)))!.AsObject();
        config?.Invoke(json);
        File.WriteAllText(PathOf("config.json"), json.ToJsonString());
        using var scope = NewDisposeScope();
        using var file = SafetensorsFile.Open(Golden.PathOf(family, "model.safetensors"));
        var tensors = file.Tensors.Keys.ToDictionary(name => name, name => file.Read(name));
        weights?.Invoke(tensors);
        SafetensorsWriter.Write(PathOf("model.safetensors"), tensors);
    }

    public string Path { get; }

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Replaces the weights' file by shards of at most so many tensors, and an index of them.</summary>
    /// <returns>the index, to be changed and written again by <see cref="WriteIndex"/></returns>
    public JsonObject Shard(int tensorsEach)
    {
        var map = new JsonObject();
        using (var file = SafetensorsFile.Open(PathOf("model.safetensors")))
        {
            using var scope = NewDisposeScope();
            foreach (var (shard, names) in file.Tensors.Keys.Order().Chunk(tensorsEach).Index())
            {
                var name = $"model-{shard + 1:00000}.safetensors";
                SafetensorsWriter.Write(PathOf(name), names.ToDictionary(n => n, n => file.Read(n)));
                foreach (var tensor in names) map[tensor] = name;
            }
        }
        File.Delete(PathOf("model.safetensors"));
        WriteIndex(map);
        return map;
    }

    public void WriteIndex(JsonObject map) =>
        File.WriteAllText(PathOf("model.safetensors.index.json"), new JsonObject { ["weight_map"] = map.DeepClone() }.ToJsonString());

    public HookedTransformer Load() => HookedTransformer.Load(Path);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
