using static TorchSharp.torch;

namespace SaeNotebooks.Training.Superposition;

/// <summary>How well directions that an SAE found match those that are known to be there.</summary>
/// <param name="MeanMaxCosine">cosine of each known direction with the most similar found one, mean over the known (MMCS, Sharkey et al. 2022)</param>
/// <param name="Recovered">share of the known directions with one at a cosine above 0.9</param>
/// <param name="ControlMeanMaxCosine">what as many random directions reach: in few dimensions that is not little</param>
/// <param name="Latents">by known direction, the found one that is most similar</param>
public sealed record FeatureMatch(double MeanMaxCosine, double Recovered, double ControlMeanMaxCosine, IReadOnlyList<int> Latents)
{
    private const int ControlDraws = 20;

    /// <summary>Compares directions.</summary>
    /// <param name="known">[features, d], any lengths but 0</param>
    /// <param name="found">[latents, d]: an SAE's decoder</param>
    /// <param name="seed">of the control</param>
    public static FeatureMatch Of(Tensor known, Tensor found, long seed = 1)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        var features = nn.functional.normalize(known.to(float32), dim: -1);
        (Tensor values, Tensor indexes) Best(Tensor directions) => features.matmul(nn.functional.normalize(directions, dim: -1).t()).max(1L);
        var (cosines, latents) = Best(found.to(float32));
        var control = Enumerable.Range(0, ControlDraws).Average(_ => Best(randn(found.shape, generator: generator)).values.mean().item<float>());
        return new(cosines.mean().item<float>(), cosines.gt(tensor(0.9f)).to(float64).mean().item<double>(), control, [.. latents.data<long>().ToArray().Select(l => (int)l)]);
    }
}
