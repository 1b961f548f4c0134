using System.Text.Json;
using System.Text.Json.Nodes;
using SaeNotebooks.Checkpoints;
using SaeNotebooks.Tests.Checkpoints;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Saes;

/// <summary>
/// SAEs of formats for which no reference output exists, written from the specification and not from the loader: none of the matrices is
/// square where the format allows it, none is symmetric, and all numbers differ.
/// </summary>
internal sealed class SpecFixtures : IDisposable
{
    public const int D = 10, N = 24, Out = 7;
    private readonly Generator _random = new(11, CPU);

    public string Folder { get; } = Directory.CreateTempSubdirectory("spec").FullName;

    /// <summary>Activations [6, d_in].</summary>
    public Tensor X(int d = D) => Random(6, d).DetachFromDisposeScope();

    public Tensor Random(params long[] shape) => randn(shape, generator: _random);

    /// <summary>Numbers between 0.1 and 1.1, such as thresholds.</summary>
    public Tensor Positive(params long[] shape) => rand(shape, generator: _random) + 0.1;

    public string At(string name)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    public void Safetensors(string name, Dictionary<string, Tensor> tensors) => SafetensorsWriter.Write(At(name), tensors);

    public void Torch(string name, Dictionary<string, Tensor> tensors) => TorchWriter.Write(At(name), tensors.ToDictionary(t => t.Key, t => (object)t.Value));

    public void Json(string name, object value) => File.WriteAllText(At(name), JsonSerializer.Serialize(value));

    public void Json(string name, JsonObject value) => File.WriteAllText(At(name), value.ToJsonString());

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        _random.Dispose();
    }
}
