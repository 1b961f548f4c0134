using SaeNotebooks.Saes;
using TorchSharp;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Evaluation;

/// <summary>How well an SAE reconstructs, added up over any number of tokens; numerators and denominators of ratios each over all of them.</summary>
/// <param name="width">d_sae</param>
/// <param name="outputWidth">d_out</param>
public sealed class ReconstructionTally(int width, int outputWidth)
{
    private static readonly Scalar Tiny = 1e-12;
    private readonly double[] _sum = new double[outputWidth];
    private double _error, _squares, _written, _product, _cosine, _norms, _activations;

    /// <summary>Tokens so far.</summary>
    public int Tokens { get; private set; }

    /// <summary>By latent: on how many tokens it fired.</summary>
    public int[] Counts { get; } = new int[width];

    /// <summary>Mean of the targets, [d_out].</summary>
    public double[] Mean => [.. _sum.Select(s => s / Tokens)];

    /// <summary>Adds tokens.</summary>
    /// <param name="target">[tokens, d_out] float32</param>
    /// <param name="latents">what is active on them</param>
    /// <param name="reconstruction">[tokens, d_out] float32</param>
    public void Add(Tensor target, SparseLatents latents, Tensor reconstruction)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        _error += Sum((target - reconstruction) * (target - reconstruction));
        _squares += Sum(target * target);
        _written += Sum(reconstruction * reconstruction);
        _product += Sum(target * reconstruction);
        _activations += Sum(latents.Values);
        Tensor length = Lengths(target), written = Lengths(reconstruction); // [tokens]
        _cosine += Sum((target * reconstruction).sum(-1) / (length * written).clamp_min(Tiny));
        _norms += Sum(written / length.clamp_min(Tiny));
        foreach (var (d, sum) in target.sum([0L], type: ScalarType.Float64).cpu().data<double>().ToArray().Index()) _sum[d] += sum;
        foreach (var latent in latents.Ids.cpu().data<long>().ToArray()) Counts[latent]++;
        Tokens += latents.Tokens;
    }

    /// <summary>The result so far.</summary>
    public ReconstructionQuality Result() => new(Tokens, Counts.Sum(c => (long)c) / (double)Tokens, _activations / Tokens,
        1 - _error / (_squares - _sum.Sum(s => s * s) / Tokens), _error / Tokens / outputWidth, _cosine / Tokens, _norms / Tokens, _written / _product,
        Counts.Count(c => c == 0) / (double)width, DensityBin.Of(Counts, Tokens));

    private static Tensor Lengths(Tensor x) => (x * x).sum(-1).sqrt();

    private static double Sum(Tensor x) => x.sum(ScalarType.Float64).item<double>();
}

/// <summary>How well an SAE reconstructs.</summary>
/// <param name="Tokens">tokens that count</param>
/// <param name="L0">active latents per token</param>
/// <param name="L1">sum of activations per token</param>
/// <param name="ExplainedVariance">FVE: 1 − Σ‖x − x̂‖² / Σ‖x − x̄‖² over all tokens</param>
/// <param name="MeanSquaredError">mean over tokens and dimensions of (x − x̂)²</param>
/// <param name="Cosine">of x and x̂, mean over tokens</param>
/// <param name="NormRatio">‖x̂‖ / ‖x‖, mean over tokens</param>
/// <param name="RelativeBias">Σ‖x̂‖² / Σ x·x̂: below 1 where reconstructions are too short (Rajamanoharan et al. 2024a, equation 10)</param>
/// <param name="Dead">share of latents that never fired</param>
/// <param name="Density">histogram of log10 of the firing rate, of the latents that fired</param>
public sealed record ReconstructionQuality(long Tokens, double L0, double L1, double ExplainedVariance, double MeanSquaredError, double Cosine, double NormRatio,
    double RelativeBias, double Dead, IReadOnlyList<DensityBin> Density);

/// <summary>Latents whose firing rate lies in a range.</summary>
/// <param name="Log10From">lower end</param>
/// <param name="Log10To">upper end</param>
/// <param name="Latents">how many</param>
public sealed record DensityBin(double Log10From, double Log10To, int Latents)
{
    /// <summary>Bins half a decade wide, from the rarest latent that fired up to 1.</summary>
    /// <param name="counts">by latent, on how many tokens it fired</param>
    /// <param name="tokens">of how many</param>
    public static IReadOnlyList<DensityBin> Of(IReadOnlyList<int> counts, int tokens)
    {
        var bins = counts.Where(c => c > 0).CountBy(c => Math.Min(-1, (int)Math.Floor(2 * Math.Log10(c / (double)tokens)))).ToDictionary();
        return bins.Count == 0 ? [] : [.. Enumerable.Range(bins.Keys.Min(), -bins.Keys.Min()).Select(b => new DensityBin(b / 2.0, (b + 1) / 2.0, bins.GetValueOrDefault(b)))];
    }
}
