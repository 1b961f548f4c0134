using SaeNotebooks.Checkpoints;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Formats;

/// <summary>
/// Takes the tensors of an SAE out of a file one by one, each checked against the shape that it must have and for NaN, and makes sure in the
/// end that none was overlooked. Tensors come as float32 and belong to the caller's scope.
/// </summary>
/// <param name="file">the file</param>
/// <param name="config">the name of the file that the shapes are taken from, if there is one</param>
internal sealed class SaeTensors(ITensorFile file, string? config = null)
{
    private readonly HashSet<string> _taken = [];

    public ITensorFile File => file;

    public bool Has(string name) => file.ShapeOf(name) is not null;

    /// <summary>The two dimensions of a matrix, from which the others are told.</summary>
    /// <exception cref="CheckpointException">there is none</exception>
    public (int First, int Second) MatrixShape(string name) => Shape(name) is [var first, var second] ? ((int)first, (int)second)
        : throw new CheckpointException(file.Path, name, $"has shape {TensorEntry.Text(Shape(name))}; expected a matrix");

    /// <summary>A tensor as it is.</summary>
    /// <param name="name">its name in the file</param>
    /// <param name="shape">what its shape must be</param>
    public Tensor Take(string name, params long[] shape)
    {
        RequireShape(name, shape);
        _taken.Add(name);
        var tensor = file.Read(name, float32);
        RequireNumbers(name, tensor);
        return tensor;
    }

    /// <summary>A matrix that the file holds transposed.</summary>
    /// <param name="name">its name in the file</param>
    /// <param name="rows">rows of the result</param>
    /// <param name="columns">columns of the result</param>
    public Tensor TakeTransposed(string name, int rows, int columns) => Take(name, columns, rows).t();

    /// <summary>A tensor that may be missing.</summary>
    public Tensor? TakeIfThere(string name, params long[] shape) => Has(name) ? Take(name, shape) : null;

    /// <summary>A single number, or null if there is no such tensor.</summary>
    public double? Number(string name)
    {
        if (Shape(name, required: false) is not { } shape) return null;
        if (shape.Aggregate(1L, (a, b) => a * b) != 1) throw new CheckpointException(file.Path, name, $"has shape {TensorEntry.Text(shape)}; expected a single number");
        _taken.Add(name);
        using var tensor = file.Read(name, float64);
        return tensor.item<double>();
    }

    /// <summary>Tensors that mean nothing here, such as statistics of the training.</summary>
    public void Ignore(params string[] names) => _taken.UnionWith(names);

    /// <summary>Refuses what nobody took: an unknown tensor may change the numbers.</summary>
    /// <param name="what">what kind of SAE it was read as</param>
    public void RefuseRest(string what)
    {
        if (file.Names.Except(_taken).Order(StringComparer.Ordinal).FirstOrDefault() is { } extra)
            throw new CheckpointException(file.Path, extra, $"is not a tensor of a {what}, which has {string.Join(", ", _taken)}");
    }

    /// <summary>The same for an SAE that is built already, which is given back, or disposed of.</summary>
    public Sae Whole(Sae sae, string what)
    {
        try { RefuseRest(what); }
        catch
        {
            sae.Dispose();
            throw;
        }
        return sae;
    }

    private IReadOnlyList<long> Shape(string name) => Shape(name, required: true)!;

    private IReadOnlyList<long>? Shape(string name, bool required) => file.ShapeOf(name) ?? (required
        ? throw new CheckpointException(file.Path, name, $"is missing; the file has {string.Join(", ", file.Names.Order(StringComparer.Ordinal))}") : null);

    private void RequireShape(string name, long[] expected)
    {
        var found = Shape(name);
        if (found.SequenceEqual(expected)) return;
        var hint = found.Count == 2 && found.Reverse().SequenceEqual(expected) ? "; it is transposed" : "";
        throw new CheckpointException(file.Path, name, $"has shape {TensorEntry.Text(found)}; {config ?? "the rest of the SAE"} implies {TensorEntry.Text(expected)}{hint}");
    }

    private void RequireNumbers(string name, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var bad = tensor.isnan().sum().item<long>();
        if (bad == 0) return;
        tensor.Dispose();
        throw new CheckpointException(file.Path, name, $"holds {bad} NaN; the file is damaged, or its training diverged");
    }
}
