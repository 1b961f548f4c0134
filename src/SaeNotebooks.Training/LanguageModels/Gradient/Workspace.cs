using static TorchSharp.torch;

namespace SaeNotebooks.Training.LanguageModels.Gradient;

/// <summary>Matrices by name that are kept from step to step and only ever grow: fresh memory costs as much as the arithmetic on it.</summary>
/// <param name="type">the dtype of all of them</param>
internal sealed class Workspace(ScalarType type = ScalarType.Float32) : IDisposable
{
    private readonly Dictionary<string, Tensor> _flat = [];

    /// <summary>[rows, columns] with whatever was left in it; a view, which the current scope disposes.</summary>
    public Tensor Matrix(string name, long rows, long columns) => Shaped(name, rows, columns);

    /// <summary>A tensor of any shape with whatever was left in it; a view, which the current scope disposes.</summary>
    public Tensor Shaped(string name, params long[] shape)
    {
        var numbers = shape.Aggregate(1L, (product, size) => product * size);
        if (!_flat.TryGetValue(name, out var flat) || flat.numel() < numbers)
        {
            flat?.Dispose();
            _flat[name] = flat = empty(numbers, dtype: type).DetachFromDisposeScope();
        }
        return flat.narrow(0, 0, numbers).view(shape);
    }

    public void Dispose()
    {
        foreach (var flat in _flat.Values) flat.Dispose();
        _flat.Clear();
    }
}
