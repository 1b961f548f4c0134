using static TorchSharp.torch;

namespace SaeNotebooks.Display;

/// <summary>Named tensors as a table of their shapes and sizes; their elements are not looked at.</summary>
internal static class TensorTable
{
    public static DataTable Of(string what, IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        var all = tensors.ToList();
        return Show.Table([what, "shape", "dtype", "size"], [.. all.Select(t => t.Tensor.IsInvalid ? (IReadOnlyList<object?>)[t.Name, "disposed of", null, null]
            : [t.Name, $"[{string.Join(", ", t.Tensor.shape)}]", t.Tensor.dtype.ToString().ToLowerInvariant(), Html.Bytes(Size(t.Tensor))])]);
    }

    /// <summary>What they take in memory, in words.</summary>
    public static string Total(IEnumerable<Tensor> tensors) => Html.Bytes(tensors.Where(t => !t.IsInvalid).Sum(Size));

    private static long Size(Tensor tensor) => tensor.numel() * tensor.element_size();
}
