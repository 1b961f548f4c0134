using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Discovery;

/// <summary>What becomes of cases in which an intervention changed nothing, so that its influence has no direction.</summary>
public enum ZeroRows
{
    /// <summary>They count as cases of no direction: they lower every measure. The deterministic form of the authors' ρ, where they are rounding noise.</summary>
    Count,

    /// <summary>They are left out.</summary>
    Drop,
}

/// <summary>How alike the directions of influence vectors are.</summary>
/// <param name="Rho">ρ = λ_max(Uᵀ U / n), with U the normalised vectors: the share of their variance about zero along one line; 0 without vectors</param>
/// <param name="Cosine">mean cosine of pairs; 0 where there is no pair</param>
/// <param name="Resultant">‖Σ u‖ / n; 0 without vectors</param>
/// <param name="Vectors">how many counted</param>
/// <param name="Zeros">how many of all were zero</param>
public sealed record Consistency(double Rho, double Cosine, double Resultant, int Vectors, int Zeros)
{
    /// <summary>The authors' mean cosine, which their code doubles: 2 for vectors of one direction.</summary>
    public double DoubledCosine => 2 * Cosine;

    /// <summary>Measures vectors. λ_max is found in the Gram matrix U Uᵀ [n, n], which has the same eigenvalues and is far smaller than Uᵀ U [d, d].</summary>
    /// <param name="vectors">[n, d] of any dtype</param>
    /// <param name="zeros">what zero rows are</param>
    /// <param name="least">rows that are no longer than this are zero</param>
    public static Consistency Of(Tensor vectors, ZeroRows zeros = ZeroRows.Count, double least = 0)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var rows = vectors.to(float64);
        var norms = rows.norm(1); // [n]
        var moved = norms.gt(tensor(least, device: norms.device)).nonzero().view(-1);
        var (all, some) = ((int)rows.shape[0], (int)moved.shape[0]);
        var n = zeros == ZeroRows.Count ? all : some;
        if (some == 0) return new(0, 0, 0, n, all);
        var units = rows.index_select(0, moved) / norms.index_select(0, moved).unsqueeze(1); // [some, d]; zero rows add nothing to any sum
        var largest = linalg.eigvalsh(units.matmul(units.t()))[-1].item<double>();
        var length = units.sum([0L]).norm().item<double>();
        return new(largest / n, MeanCosine(length * length, some, n), length / n, n, all - some);
    }

    /// <summary>
    /// The same for vectors that are all multiples of one vector, as the influences of a latent at its own layer are: by their signs. With k of n not
    /// zero, ρ = k / n, whatever the vector: the firing rate.
    /// </summary>
    /// <param name="signs">−1, 0 or 1 for each case</param>
    /// <param name="zeros">what cases of 0 are</param>
    public static Consistency OfSigns(IReadOnlyList<int> signs, ZeroRows zeros = ZeroRows.Count)
    {
        var some = signs.Count(s => s != 0);
        var n = zeros == ZeroRows.Count ? signs.Count : some;
        if (some == 0) return new(0, 0, 0, n, signs.Count);
        double sum = Math.Abs(signs.Sum());
        return new((double)some / n, MeanCosine(sum * sum, some, n), sum / n, n, signs.Count - some);
    }

    /// <summary>Of ‖Σ u‖² = Σ u·u + 2 Σ_{i&lt;j} u_i·u_j, the pairs.</summary>
    private static double MeanCosine(double squaredLength, int some, int n) => n < 2 ? 0 : (squaredLength - some) / ((double)n * (n - 1));
}
