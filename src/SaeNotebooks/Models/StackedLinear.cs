using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>y = x [W₁; W₂; …]ᵀ + [b₁; b₂; …]: maps of the same input, in one tensor or in several that lie apart in their file.</summary>
/// <param name="Parts">one below the other; all with a bias, or none</param>
internal sealed record StackedLinear(params IReadOnlyList<Linear> Parts)
{
    public static implicit operator StackedLinear(Linear linear) => new(linear);

    /// <param name="x">[…, d_in]</param>
    /// <returns>[…, d_out₁ + d_out₂ + …], contiguous</returns>
    public Tensor Forward(Tensor x) => Parts is [var only] ? only.Forward(x) : cat([.. Parts.Select(p => p.AnyLayout(x))], -1);
}
