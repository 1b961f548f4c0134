using static TorchSharp.torch;

namespace SaeNotebooks.Training.LanguageModels.Gradient;

/// <summary>Matrices by name that are kept from step to step and only ever grow: fresh memory costs as much as the arithmetic on it.</summary>
internal sealed class Workspace : IDisposable
{
    private readonly Dictionary<string, Tensor> _flat = [];

    /// <summary>[rows, columns] float32 with whatever was left in it; a view, which the current scope disposes.</summary>
    public Tensor Matrix(string name, long rows, long columns)
    {
        var numbers = rows * columns;
        if (!_flat.TryGetValue(name, out var flat) || flat.numel() < numbers)
        {
            flat?.Dispose();
            _flat[name] = flat = empty(numbers).DetachFromDisposeScope();
        }
        return flat.narrow(0, 0, numbers).view(rows, columns);
    }

    public void Dispose()
    {
        foreach (var flat in _flat.Values) flat.Dispose();
        _flat.Clear();
    }
}
