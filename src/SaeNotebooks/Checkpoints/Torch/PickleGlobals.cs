using static TorchSharp.torch;

namespace SaeNotebooks.Checkpoints.Torch;

/// <summary>
/// All that a pickle may name, and what is done in its place. A pickle is a program, and whatever is not in this list is refused by its
/// name: the functions here build ordered dictionaries and descriptions of tensors, and nothing of the file is ever run.
/// </summary>
internal static class PickleGlobals
{
    /// <summary>Stands for a function or class of Python.</summary>
    public delegate object? Callable(IReadOnlyList<object?> arguments);

    private static readonly Dictionary<string, ScalarType> Storages = new()
    {
        ["torch.FloatStorage"] = ScalarType.Float32, ["torch.DoubleStorage"] = ScalarType.Float64, ["torch.HalfStorage"] = ScalarType.Float16,
        ["torch.BFloat16Storage"] = ScalarType.BFloat16, ["torch.LongStorage"] = ScalarType.Int64, ["torch.IntStorage"] = ScalarType.Int32,
        ["torch.ShortStorage"] = ScalarType.Int16, ["torch.CharStorage"] = ScalarType.Int8, ["torch.ByteStorage"] = ScalarType.Byte,
        ["torch.BoolStorage"] = ScalarType.Bool,
    };

    private static readonly Dictionary<string, Callable> Functions = new()
    {
        ["collections.OrderedDict"] = OrderedDict,
        ["torch._utils._rebuild_tensor_v2"] = RebuildTensor,
        ["torch._utils._rebuild_parameter"] = arguments => arguments[0], // (tensor, requires_grad, hooks)
    };

    /// <summary>The element type of a storage class, or a function.</summary>
    /// <exception cref="PickleException">anything else</exception>
    public static object Find(string module, string name)
    {
        var full = $"{module}.{name}";
        return Storages.TryGetValue(full, out var dtype) ? dtype
            : Functions.TryGetValue(full, out var function) ? function
            : throw new PickleException($"it asks for '{full}', which is not allowed: only tensors are built, and no code of the file is run");
    }

    private static Dictionary<object, object?> OrderedDict(IReadOnlyList<object?> arguments)
    {
        var result = new Dictionary<object, object?>();
        if (arguments is [List<object?> pairs])
            foreach (var pair in pairs.OfType<object?[]>()) result[pair[0]!] = pair[1];
        return result;
    }

    private static PickledTensor RebuildTensor(IReadOnlyList<object?> arguments)
    {
        if (arguments is not [PickledStorage storage, long offset, object?[] shape, object?[] stride, ..]) throw new PickleException("a tensor is described in an unknown way");
        var tensor = new PickledTensor(storage, offset, Integers(shape), Integers(stride));
        tensor.RequireInside();
        return tensor;
    }

    private static long[] Integers(object?[] tuple) =>
        [.. tuple.Select(item => item is long number ? number : throw new PickleException("a tensor's shape is not made of integers"))];
}
