using SaeNotebooks.Runtime;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>Rotary positions: the halves of a head's first <see cref="Width"/> numbers are the two coordinates of planes that turn
/// with the position; what comes after them stays (Su et al. 2021; partial in GPT-NeoX).</summary>
/// <param name="InverseFrequencies">[width / 2], radians per position, float32</param>
internal sealed record Rope(float[] InverseFrequencies)
{
    /// <summary>How many numbers of a head turn.</summary>
    public int Width => 2 * InverseFrequencies.Length;

    /// <summary>Cosines and signed sines for given positions, computed in float32.</summary>
    /// <param name="positions">[batch or 1, pos], int64</param>
    /// <param name="dtype">dtype of the result</param>
    /// <returns>two tensors [batch or 1, pos, 1, width]; the first half of the sines is negated</returns>
    public (Tensor Cos, Tensor Sin) Tables(Tensor positions, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var angles = positions.to(ScalarType.Float32).unsqueeze(-1) * tensor(InverseFrequencies, device: positions.device); // [batch, pos, width / 2]
        var (cos, sin) = (angles.cos(), angles.sin());
        return (cat([cos, cos], -1).unsqueeze(2).to(dtype).MoveToOuterDisposeScope(),
            cat([-sin, sin], -1).unsqueeze(2).to(dtype).MoveToOuterDisposeScope());
    }

    /// <summary>Turns every head: (x₁, x₂) ← (x₁ cos − x₂ sin, x₂ cos + x₁ sin). Both products are rounded, as the reference does
    /// it.</summary>
    /// <param name="x">[batch, pos, heads, d_head]</param>
    /// <param name="tables">from <see cref="Tables"/></param>
    public Tensor Rotate(Tensor x, (Tensor Cos, Tensor Sin) tables)
    {
        var rest = x.shape[^1] - Width;
        var turning = rest == 0 ? x : x.narrow(-1, 0, Width);
        var turned = (turning * tables.Cos).add_(turning.roll(Width / 2, -1) * tables.Sin, Scalars.One);
        return rest == 0 ? turned : cat([turned, x.narrow(-1, Width, rest)], -1);
    }
}
