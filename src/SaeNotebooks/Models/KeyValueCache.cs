using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>Keys and values of the columns already computed, in memory that is allocated once for the whole generation.</summary>
internal sealed class KeyValueCache : IDisposable
{
    private readonly Tensor[] _keys, _values; // per layer [batch, n_key_value_heads, capacity, d_head]

    public KeyValueCache(ModelConfig config, int batch, int capacity, ScalarType dtype, Device device)
    {
        Tensor[] Allocate() => [.. Enumerable.Range(0, config.NLayers).Select(_ =>
            empty([batch, config.NKeyValueHeads, capacity, config.DHead], dtype, device).DetachFromDisposeScope())];
        (_keys, _values) = (Allocate(), Allocate());
    }

    private KeyValueCache(Tensor[] keys, Tensor[] values) => (_keys, _values) = (keys, values);

    /// <summary>Stores the keys and values of one pass and gives back all there are.</summary>
    /// <param name="layer">which block</param>
    /// <param name="first">column of the first of them</param>
    /// <param name="keys">[batch, n_key_value_heads, pos, d_head]</param>
    /// <param name="values">[batch, n_key_value_heads, pos, d_head]</param>
    /// <returns>views [batch, n_key_value_heads, first + pos, d_head]</returns>
    public (Tensor Keys, Tensor Values) Append(int layer, int first, Tensor keys, Tensor values)
    {
        var count = keys.size(2);
        _keys[layer].narrow(2, first, count).copy_(keys);
        _values[layer].narrow(2, first, count).copy_(values);
        return (_keys[layer].narrow(2, 0, first + count), _values[layer].narrow(2, 0, first + count));
    }

    /// <summary>Keeps some rows of the batch and frees the memory of the others.</summary>
    public void Keep(IReadOnlyList<int> rows)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var index = tensor([.. rows.Select(r => (long)r)], device: _keys[0].device);
        foreach (var tensors in new[] { _keys, _values })
            for (var layer = 0; layer < tensors.Length; layer++)
            {
                var kept = tensors[layer].index_select(0, index).DetachFromDisposeScope();
                tensors[layer].Dispose();
                tensors[layer] = kept;
            }
    }

    /// <summary>A cache of its own with some rows, which may repeat, for the layers from one on; those below stay empty.</summary>
    public KeyValueCache Take(IReadOnlyList<int> rows, int fromLayer)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var index = tensor([.. rows.Select(r => (long)r)], device: _keys[0].device);
        Tensor[] Taken(Tensor[] tensors) =>
            [.. tensors.Select((t, layer) => (layer < fromLayer ? t.narrow(0, 0, 0).clone() : t.index_select(0, index)).DetachFromDisposeScope())];
        return new(Taken(_keys), Taken(_values));
    }

    public void Dispose()
    {
        foreach (var tensor in _keys.Concat(_values)) tensor.Dispose();
    }
}
