using static TorchSharp.torch;

namespace SaeNotebooks.Checkpoints;

/// <summary>Where one tensor lies in a safetensors file.</summary>
/// <param name="Name">the tensor's name</param>
/// <param name="Dtype">element type in the file</param>
/// <param name="Shape">dimensions; empty for a scalar</param>
/// <param name="Offset">first byte, counted from the start of the file</param>
/// <param name="Length">size in bytes</param>
public sealed record TensorEntry(string Name, ScalarType Dtype, IReadOnlyList<long> Shape, long Offset, long Length)
{
    /// <summary>The shape as people write it, for example <c>[320, 48]</c>.</summary>
    public string ShapeText => Text(Shape);

    internal static string Text(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";
}
