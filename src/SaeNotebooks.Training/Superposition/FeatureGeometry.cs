using static TorchSharp.torch;

namespace SaeNotebooks.Training.Superposition;

/// <summary>How features share dimensions (Elhage et al. 2022, "the geometry of superposition").</summary>
/// <param name="Norms">by feature, ‖Wᵢ‖: about 1 if it is represented, 0 if it is not</param>
/// <param name="Dimensionalities">by feature, ‖Wᵢ‖² / Σⱼ (Ŵᵢ·Wⱼ)²: its share of a dimension; 1 alone, ½ in an antipodal pair, ⅖ in a pentagon</param>
/// <param name="Interferences">by feature, Σ over the others of (Ŵᵢ·Wⱼ)²: how much of them is read as this one</param>
/// <param name="Overlaps">[features][features]: Wᵢ·Wⱼ</param>
public sealed record FeatureGeometry(
    IReadOnlyList<double> Norms, IReadOnlyList<double> Dimensionalities, IReadOnlyList<double> Interferences, IReadOnlyList<IReadOnlyList<double>> Overlaps)
{
    /// <summary>Features whose norm is above ½.</summary>
    public int Represented => Norms.Count(n => n > 0.5);

    /// <summary>Represented features per dimension that the weights have in all, ‖W‖² / hidden in the paper's measure: above 1 in superposition.</summary>
    /// <param name="hidden">number of dimensions</param>
    public double FeaturesPerDimension(int hidden) => Norms.Sum(n => n * n) / hidden;

    /// <summary>Measures directions.</summary>
    /// <param name="weights">[features, hidden]</param>
    public static FeatureGeometry Of(Tensor weights)
    {
        using var scope = NewDisposeScope();
        var gram = weights.matmul(weights.t()).to(float64); // [features, features]
        var n = (int)gram.shape[0];
        var numbers = gram.data<double>().ToArray();
        double Overlap(int i, int j) => numbers[i * n + j];
        double[] norms = [.. Enumerable.Range(0, n).Select(i => Math.Sqrt(Overlap(i, i)))];
        double Shared(int i, bool others) => Enumerable.Range(0, n).Where(j => !others || j != i).Sum(j => Math.Pow(Overlap(i, j) / Math.Max(norms[i], 1e-12), 2));
        return new(norms, [.. Enumerable.Range(0, n).Select(i => norms[i] * norms[i] / Math.Max(Shared(i, others: false), 1e-12))],
            [.. Enumerable.Range(0, n).Select(i => Shared(i, others: true))], [.. Enumerable.Range(0, n).Select(i => (IReadOnlyList<double>)[.. Enumerable.Range(0, n).Select(j => Overlap(i, j))])]);
    }
}
