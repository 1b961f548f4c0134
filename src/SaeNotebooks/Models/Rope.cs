using SaeNotebooks.Runtime;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>Rotary positions: the halves of a head are the two coordinates of planes that turn with the position (Su et al.
/// 2021).</summary>
/// <param name="InverseFrequencies">[d_head / 2], radians per position, float32</param>
internal sealed record Rope(float[] InverseFrequencies)
{
    /// <summary>Cosines and signed sines for given positions, computed in float32.</summary>
    /// <param name="positions">[batch or 1, pos], float32</param>
    /// <param name="dtype">dtype of the result</param>
    /// <returns>two tensors [batch or 1, pos, 1, d_head]; the first half of the sines is negated</returns>
    public (Tensor Cos, Tensor Sin) Tables(Tensor positions, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var angles = positions.unsqueeze(-1) * tensor(InverseFrequencies, device: positions.device); // [batch, pos, d_head / 2]
        var (cos, sin) = (angles.cos(), angles.sin());
        return (cat([cos, cos], -1).unsqueeze(2).to(dtype).MoveToOuterDisposeScope(),
            cat([-sin, sin], -1).unsqueeze(2).to(dtype).MoveToOuterDisposeScope());
    }

    /// <summary>Turns every head: (x₁, x₂) ← (x₁ cos − x₂ sin, x₂ cos + x₁ sin).</summary>
    /// <param name="x">[batch, pos, heads, d_head]</param>
    /// <param name="tables">from <see cref="Tables"/></param>
    public static Tensor Rotate(Tensor x, (Tensor Cos, Tensor Sin) tables) =>
        (x * tables.Cos).addcmul_(x.roll(x.shape[^1] / 2, -1), tables.Sin, Scalars.One);
}
