using static TorchSharp.torch;

namespace SaeNotebooks.Runtime;

/// <summary>The numbers of contiguous tensors on the CPU, for loops that several threads run; the tensor must outlive them.</summary>
internal static class Native
{
    /// <summary>The address of the first number; 0 if there is none.</summary>
    public static unsafe nint Start(Tensor tensor)
    {
        if (tensor.numel() == 0) return 0;
        if (tensor.numel() * tensor.element_size() <= int.MaxValue && tensor.is_contiguous())
            fixed (byte* pointer = tensor.bytes) return (nint)pointer; // native memory, which does not move
        using var flat = tensor.view(-1);
        using var first = flat.narrow(0, 0, 1); // a span of the whole could not be longer than 2 GB
        fixed (byte* pointer = first.bytes) return (nint)pointer;
    }

    /// <summary>A run of numbers.</summary>
    /// <param name="start">from <see cref="Start"/></param>
    /// <param name="first">index of its first number</param>
    /// <param name="count">how many</param>
    public static unsafe Span<T> Span<T>(nint start, long first, int count) where T : unmanaged => new((T*)start + first, count);
}
