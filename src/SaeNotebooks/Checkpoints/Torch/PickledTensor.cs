using static TorchSharp.torch;

namespace SaeNotebooks.Checkpoints.Torch;

/// <summary>A run of numbers in a PyTorch file, which several tensors may share.</summary>
/// <param name="Key">its name in the file</param>
/// <param name="Dtype">element type</param>
/// <param name="Count">number of elements</param>
internal sealed record PickledStorage(string Key, ScalarType Dtype, long Count);

/// <summary>A tensor as a pickle describes it: a view of a storage.</summary>
/// <param name="Storage">where its numbers are</param>
/// <param name="Offset">its first element in the storage</param>
/// <param name="Shape">dimensions</param>
/// <param name="Stride">elements from one index to the next, by dimension</param>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, long[] Shape, long[] Stride)
{
    /// <summary>Refuses a view that reaches beyond its storage.</summary>
    /// <exception cref="PickleException">it does</exception>
    public void RequireInside()
    {
        if (Shape.Length != Stride.Length || Offset < 0 || Shape.Any(s => s < 0) || Stride.Any(s => s < 0))
            throw new PickleException($"a tensor of shape {TensorEntry.Text(Shape)} has strides {TensorEntry.Text(Stride)} and offset {Offset}");
        if (Shape.Contains(0)) return;
        var last = Shape.Zip(Stride, (size, stride) => (Int128)(size - 1) * stride).Aggregate((Int128)Offset, (sum, step) => sum + step);
        if (last >= Storage.Count)
            throw new PickleException($"a tensor of shape {TensorEntry.Text(Shape)} reaches beyond the {Storage.Count} numbers of its storage");
    }
}
