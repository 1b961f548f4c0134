using SaeNotebooks.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Evaluation;

/// <summary>Logistic regression with a ridge penalty, by Newton's method on features of unit variance.</summary>
/// <param name="Weights">[features], in units of the features as they were given</param>
/// <param name="Bias">what is added</param>
public sealed record LogisticProbe(double[] Weights, double Bias)
{
    private const int Iterations = 12;
    private const double Ridge = 1;
    private static readonly Scalar Tiny = 1e-6;

    /// <summary>Fits a probe.</summary>
    /// <param name="features">[n, features]</param>
    /// <param name="labels">[n]</param>
    public static LogisticProbe Fit(Tensor features, IReadOnlyList<bool> labels)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var x = features.to(float64);
        var mean = x.mean([0L]);
        var spread = (x - mean).norm(0) / tensor(Math.Sqrt(x.shape[0]));
        spread = spread.masked_fill(spread.le(Scalars.Zero), Scalars.One);
        var design = cat([(x - mean) / spread, ones([x.shape[0], 1], float64)], 1); // [n, features + 1]
        var y = tensor([.. labels.Select(l => l ? 1.0 : 0.0)]);
        var width = design.shape[1];
        var penalty = eye(width, dtype: float64).Times(Ridge);
        penalty[width - 1, width - 1].fill_(0);
        var beta = zeros([width], float64);
        for (var i = 0; i < Iterations; i++)
        {
            var p = design.mv(beta).sigmoid();
            var curvature = (p * (ones_like(p) - p)).clamp_min(Tiny).unsqueeze(1);
            var hessian = design.t().matmul(design * curvature).Plus(penalty);
            var slope = design.t().mv(y - p) - penalty.mv(beta);
            beta = beta.Plus(linalg.solve(hessian, slope.unsqueeze(1)).squeeze(1));
        }
        var weights = beta.narrow(0, 0, width - 1) / spread;
        var bias = beta[width - 1] - (weights * mean).sum();
        return new([.. weights.data<double>()], bias.item<double>());
    }

    /// <summary>What the probe says: [n], true where the label is more likely than not.</summary>
    /// <param name="features">[n, features]</param>
    public bool[] Predict(Tensor features)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var scores = features.to(float64).mv(tensor(Weights)).data<double>().ToArray();
        return [.. scores.Select(s => s + Bias > 0)];
    }
}
