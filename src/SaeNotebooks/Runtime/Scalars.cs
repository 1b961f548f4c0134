using TorchSharp;

namespace SaeNotebooks.Runtime;

/// <summary>Numbers for tensor operations, kept for as long as the process runs.</summary>
/// <remarks>
/// TorchSharp 0.107 does not keep a <see cref="Scalar"/> alive during the native call that reads it. A number converted on the spot, as
/// in <c>x * 0.5</c>, can be finalised by a garbage collection in mid-call, which then fails or computes with freed memory (seen after some
/// hundred thousand calls). Code that runs often takes its numbers from here, from a field, or from a tensor in a dispose scope.
/// </remarks>
internal static class Scalars
{
    public static readonly Scalar Zero = 0.0;
    public static readonly Scalar One = 1.0;
    public static readonly Scalar NegativeInfinity = double.NegativeInfinity;
}
