using static TorchSharp.torch;

namespace SaeNotebooks.Checkpoints;

/// <summary>The element types that a safetensors header may name and libtorch can hold.</summary>
internal static class SafetensorsDtypes
{
    private static readonly (string Name, ScalarType Dtype, int Size)[] Known =
    [
        ("F64", ScalarType.Float64, 8), ("F32", ScalarType.Float32, 4), ("F16", ScalarType.Float16, 2), ("BF16", ScalarType.BFloat16, 2),
        ("I64", ScalarType.Int64, 8), ("I32", ScalarType.Int32, 4), ("I16", ScalarType.Int16, 2), ("I8", ScalarType.Int8, 1),
        ("U8", ScalarType.Byte, 1), ("BOOL", ScalarType.Bool, 1),
    ];

    public static string Names => string.Join(", ", Known.Select(k => k.Name));

    public static (ScalarType Dtype, int Size)? Find(string name)
    {
        var found = Array.FindIndex(Known, k => k.Name == name);
        return found < 0 ? null : (Known[found].Dtype, Known[found].Size);
    }

    public static (string Name, int Size) Of(ScalarType dtype)
    {
        var found = Array.FindIndex(Known, k => k.Dtype == dtype);
        if (found < 0) throw new ArgumentException($"Tensors of type {dtype} cannot be stored in a safetensors file; convert to one of {Names}.");
        return (Known[found].Name, Known[found].Size);
    }
}
