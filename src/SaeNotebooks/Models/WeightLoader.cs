using SaeNotebooks.Checkpoints;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>Hands out a checkpoint's weights to the parts of a model, each checked against the shape that the configuration
/// implies.</summary>
/// <remarks>The tensors belong to the loader's <see cref="Loaded"/> list until the model takes it over.</remarks>
internal sealed class WeightLoader(ModelCheckpoint checkpoint, ScalarType dtype, Device device)
{
    private readonly HashSet<string> _used = [];

    public List<Tensor> Loaded { get; } = [];

    /// <summary>One weight, converted to the model's dtype and device.</summary>
    public Tensor Take(string name, params long[] shape) => Stack([(name, shape)]);

    /// <summary>Several weights with equal trailing dimensions in one tensor, one below the other, read in place.</summary>
    public Tensor Stack(params IReadOnlyList<(string Name, long[] Shape)> parts)
    {
        foreach (var (name, shape) in parts) Require(name, shape);
        long[] stacked = [parts.Sum(p => p.Shape[0]), .. parts[0].Shape[1..]];
        var weight = empty(stacked, dtype, device).DetachFromDisposeScope();
        Loaded.Add(weight);
        long row = 0;
        foreach (var (name, shape) in parts)
        {
            using var rows = weight.narrow(0, row, shape[0]);
            checkpoint.ReadInto(name, rows);
            row += shape[0];
        }
        return weight;
    }

    /// <summary>A linear map without bias, or with the biases that go with the weights' names.</summary>
    /// <param name="bias">whether every one of them has a bias</param>
    /// <param name="dIn">columns of each weight</param>
    /// <param name="outputs">module names and rows, stacked in this order</param>
    public Linear Linear(bool bias, long dIn, params IReadOnlyList<(string Name, long DOut)> outputs) => new(
        Stack([.. outputs.Select(o => (o.Name + ".weight", new[] { o.DOut, dIn }))]),
        bias ? Stack([.. outputs.Select(o => (o.Name + ".bias", new[] { o.DOut }))]) : null);

    public bool Has(string name) => checkpoint.Find(name) is not null;

    /// <summary>Tensors that checkpoints of the family may hold although the model does not need them.</summary>
    public void Ignore(Func<string, bool> redundant) => _used.UnionWith(checkpoint.Names.Where(redundant));

    /// <exception cref="CheckpointException">the checkpoint holds tensors that no part of the model asked for</exception>
    public void RequireAllUsed()
    {
        var extra = checkpoint.Names.Where(n => !_used.Contains(n)).Order(StringComparer.Ordinal).ToList();
        if (extra.Count > 0)
            throw new CheckpointException(checkpoint.Path, extra[0], $"no part of the model that config.json describes uses this tensor" +
                (extra.Count > 1 ? $", nor {extra.Count - 1} others ({string.Join(", ", extra.Skip(1).Take(4))}{(extra.Count > 5 ? ", …" : "")})" : ""));
    }

    private void Require(string name, long[] shape)
    {
        var entry = checkpoint.Find(name)
            ?? throw new CheckpointException(checkpoint.Path, name,
                $"the tensor is missing; config.json implies {TensorEntry.Text(shape)}");
        if (!entry.Shape.SequenceEqual(shape))
            throw new CheckpointException(checkpoint.Path, name,
                $"the shape is {entry.ShapeText}, but config.json implies {TensorEntry.Text(shape)}");
        _used.Add(name);
    }
}
