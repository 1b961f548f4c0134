using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SaeNotebooks.Checkpoints;
using static TorchSharp.torch;

namespace SaeNotebooks.Training;

/// <summary>
/// Everything that a training run needs to go on exactly where it was, in one safetensors file: tensors by name, counters and a
/// fingerprint of the plan in the metadata. A file appears only once it is complete.
/// </summary>
internal static class TrainingCheckpoint
{
    private const string FingerprintKey = "plan", CountersKey = "counters";

    /// <summary>A short hash of whatever decides the course of a run (options, seeds, hashes of its data).</summary>
    public static string Fingerprint(params object[] parts) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(parts))))[..16];

    /// <summary>Writes a checkpoint, replacing the one before.</summary>
    public static void Save(string path, string fingerprint, IEnumerable<(string Name, Tensor Tensor)> state, params long[] counters)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        SafetensorsWriter.Write(path, state.ToDictionary(s => s.Name, s => s.Tensor), metadata: new Dictionary<string, string>
        {
            [FingerprintKey] = fingerprint,
            [CountersKey] = JsonSerializer.Serialize(counters),
        });
    }

    /// <summary>Copies a checkpoint into tensors that exist already.</summary>
    /// <returns>the counters, or null if there is no checkpoint</returns>
    /// <exception cref="CheckpointException">it belongs to another plan, or is damaged; the tensors may then hold a part of it</exception>
    public static long[]? TryRestore(string path, string fingerprint, IEnumerable<(string Name, Tensor Tensor)> state)
    {
        if (!File.Exists(path)) return null;
        using var file = SafetensorsFile.Open(path);
        if (file.Metadata.GetValueOrDefault(FingerprintKey) is var found && found != fingerprint)
            throw new CheckpointException(path, FingerprintKey,
                $"belongs to a run with other settings or data (expected {fingerprint}, found {found ?? "none"}); delete it, or start with --restart");
        using var quiet = no_grad();
        foreach (var (name, tensor) in state)
        {
            if (file.Tensors.TryGetValue(name, out var entry) && entry.Dtype != tensor.dtype)
                throw new CheckpointException(path, name, $"is of type {entry.Dtype}, expected {tensor.dtype}");
            file.ReadInto(name, tensor);
        }
        return Counters(file);
    }

    private static long[] Counters(SafetensorsFile file)
    {
        try { return JsonSerializer.Deserialize<long[]>(file.Metadata.GetValueOrDefault(CountersKey, "null")) ?? throw new JsonException("it is missing"); }
        catch (JsonException e) { throw new CheckpointException(file.Path, CountersKey, $"is not a list of integers ({e.Message})", e); }
    }
}
