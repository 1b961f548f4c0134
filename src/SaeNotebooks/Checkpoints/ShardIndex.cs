using System.Text.Json;

namespace SaeNotebooks.Checkpoints;

/// <summary>A <c>model.safetensors.index.json</c>: which shard of a checkpoint holds which tensor.</summary>
/// <param name="Path">the index file</param>
/// <param name="FileOf">file name by tensor; files of the index's own folder only</param>
internal sealed record ShardIndex(string Path, IReadOnlyDictionary<string, string> FileOf)
{
    private const string MapKey = "weight_map";

    /// <summary>The names of the shards.</summary>
    public IEnumerable<string> Files => FileOf.Values.Distinct();

    /// <exception cref="CheckpointException">not valid, or a tensor in a file outside of the folder</exception>
    public static ShardIndex Load(string path)
    {
        using var document = CheckedJson.Parse(File.ReadAllBytes(path), path);
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty(MapKey, out var map)
            || map.ValueKind != JsonValueKind.Object)
            throw new CheckpointException(path, MapKey, "expected a JSON object in which this is an object of tensor and file names");
        var fileOf = new Dictionary<string, string>();
        foreach (var item in map.EnumerateObject())
        {
            var file = item.Value.ValueKind == JsonValueKind.String ? item.Value.GetString()! : item.Value.GetRawText();
            // Only names of files in the folder itself: an index must not reach outside of it.
            if (file != System.IO.Path.GetFileName(file) || file.Contains('\\') || !file.EndsWith(".safetensors", StringComparison.Ordinal))
                throw new CheckpointException(path, item.Name, $"'{file}' is not the name of a safetensors file in this folder");
            if (!fileOf.TryAdd(item.Name, file)) throw new CheckpointException(path, item.Name, "the index lists this tensor twice");
        }
        return fileOf.Count > 0 ? new ShardIndex(path, fileOf) : throw new CheckpointException(path, MapKey, "names no tensors");
    }

    /// <exception cref="CheckpointException">a shard lacks a tensor that the index places in it, or holds one that it does not</exception>
    public void RequireSameTensors(IReadOnlyDictionary<string, IEnumerable<string>> shards)
    {
        var held = shards.SelectMany(s => s.Value.Select(tensor => (File: s.Key, Tensor: tensor))).ToHashSet();
        foreach (var (tensor, file) in FileOf)
            if (!held.Remove((file, tensor))) throw new CheckpointException(Path, tensor, $"the index places it in {file}, which does not hold it");
        foreach (var (file, tensor) in held)
            throw new CheckpointException(Path, tensor, $"{file} holds this tensor, but the index does not place it there");
    }
}
