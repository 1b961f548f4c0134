using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>The activation functions of MLPs, by the names that configurations give them.</summary>
internal static class Activations
{
    private static readonly Dictionary<string, Func<Tensor, Tensor>> ByName = new()
    {
        ["silu"] = x => nn.functional.silu(x),
        ["relu"] = x => nn.functional.relu(x),
        ["gelu"] = x => x.gelu(),
        ["gelu_new"] = TanhGelu.Of,
        ["gelu_pytorch_tanh"] = TanhGelu.Of,
    };

    /// <summary>The function that a key of a configuration names.</summary>
    /// <param name="json">the configuration</param>
    /// <param name="key">the key</param>
    /// <param name="otherwise">the name where the key is absent; by default that is an error</param>
    /// <exception cref="Checkpoints.CheckpointException">an unknown name</exception>
    public static Func<Tensor, Tensor> Of(ConfigJson json, string key, string? otherwise = null)
    {
        var name = json.Text(key, otherwise);
        return ByName.TryGetValue(name, out var function) ? function
            : throw json.Error(key, $"'{name}' is not supported; known are {string.Join(", ", ByName.Keys)}");
    }
}
