using TorchSharp;
using static TorchSharp.torch;

namespace SaeNotebooks.Runtime;

/// <summary>Arithmetic with numbers that is safe against the garbage collector.</summary>
/// <remarks>
/// TorchSharp 0.107 does not keep a <see cref="Scalar"/> alive during the native call that reads it. A number converted on the spot can be
/// finalised by a collection in mid-call, which then fails or computes with freed memory. This concerns every operator between a tensor and
/// a number (<c>x * 0.5</c>), and <c>square</c>, <c>arange</c>, and even <c>x + y</c> of two tensors, which passes a factor of one behind
/// the scenes; <c>x - y</c>, <c>x * y</c> and <c>x / y</c> of tensors are safe. A collection can only fall into a native call if another
/// thread, or the concurrent collector, causes it. Code that runs often uses these instead.
/// </remarks>
public static class Scalars
{
    /// <summary>0, kept for as long as the process runs.</summary>
    public static Scalar Zero { get; } = 0.0;

    /// <summary>1, kept for as long as the process runs.</summary>
    public static Scalar One { get; } = 1.0;

    /// <summary>−∞, kept for as long as the process runs.</summary>
    public static Scalar NegativeInfinity { get; } = double.NegativeInfinity;

    /// <summary>x + y; shapes broadcast as in <c>x + y</c>.</summary>
    public static Tensor Plus(this Tensor x, Tensor y) => x.add(y, One);

    /// <summary>factor · x, in the dtype of x if that is a floating-point type.</summary>
    public static Tensor Times(this Tensor x, double factor)
    {
        using var number = tensor(factor);
        return x.mul(number);
    }
}
