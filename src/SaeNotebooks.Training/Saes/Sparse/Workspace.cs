using SaeNotebooks.Training.Saes.Architectures;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Saes.Sparse;

/// <summary>Memory of a step that is used again in the next: fresh pages from the system cost more than the arithmetic done in them.</summary>
internal sealed class Workspace : IDisposable
{
    private readonly Dictionary<string, Tensor> _tensors = [];

    /// <summary>A tensor of a shape, float32, with whatever numbers it had.</summary>
    public Tensor Take(string name, params long[] shape)
    {
        if (_tensors.TryGetValue(name, out var known))
        {
            if (known.shape.AsSpan().SequenceEqual(shape)) return known;
            known.Dispose();
        }
        return _tensors[name] = empty(shape).DetachFromDisposeScope();
    }

    /// <summary>Room for the gradient of each trained tensor.</summary>
    public IReadOnlyList<Tensor> Gradients(SaeParameters parameters) => [.. parameters.Trained.Select(t => Take("gradient of " + t.Name, t.Tensor.shape))];

    public void Dispose()
    {
        foreach (var tensor in _tensors.Values) tensor.Dispose();
    }
}
