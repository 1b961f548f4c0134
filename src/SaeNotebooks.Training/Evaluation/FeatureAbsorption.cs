using SaeNotebooks.Saes;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Evaluation;

/// <summary>How often a latent stays silent although its property holds, because a more special latent says it too.</summary>
/// <param name="MainLatents">the latents that tell the property</param>
/// <param name="Rate">share of <paramref name="Tokens"/> on which none of them fires and one other carries the property</param>
/// <param name="Missed">share on which none of them fires, for whatever reason</param>
/// <param name="Absorbers">the latents that carried it instead, the most frequent first</param>
/// <param name="Tokens">tokens with the property that a probe on the whole activation recognises</param>
public sealed record AbsorptionScore(IReadOnlyList<int> MainLatents, double Rate, double Missed, IReadOnlyList<int> Absorbers, int Tokens);

/// <summary>
/// Feature absorption (Chanin et al. 2024): a probe on the activation says that a property holds, the latents that stand for it are silent,
/// and a single other latent writes most of what lies in the probe's direction.
/// </summary>
public static class FeatureAbsorption
{
    /// <summary>Least cosine of an absorbing latent's direction with the probe's, and its least share of what is written along it.</summary>
    private const double LeastCosine = 0.025, LeastShare = 0.4;

    /// <summary>Measures absorption of one label.</summary>
    /// <param name="sae">an autoencoder</param>
    /// <param name="tokens">activations with labels</param>
    /// <param name="k">how many main latents the property may be divided among</param>
    public static AbsorptionScore Measure(Sae sae, LabelledTokens tokens, int k = 1)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var (train, test) = tokens.Split();
        using var latents = sae.Encode(tokens.Activations);
        // Signed: a latent that says that the property does not hold cannot be absorbed by one that says that it does.
        int[] main = [.. SparseProbing.MeanDifferences(latents, tokens.Labels, train).Index().OrderByDescending(d => d.Item).Take(k).Select(d => d.Index)];
        Tensor Rows(int[] rows) => tokens.Activations.index_select(0, tensor([.. rows.Select(r => (long)r)])).cpu();
        var probe = LogisticProbe.Fit(Rows(train), tokens.LabelsOf(train));
        int[] recognised = [.. test.Zip(probe.Predict(Rows(test))).Where(t => t.Second && tokens.Labels[t.First]).Select(t => t.First)];

        var direction = nn.functional.normalize(tensor([.. probe.Weights.Select(w => (float)w)]), dim: 0);
        var along = sae.Decoder.cpu().mv(direction); // [d_sae]: what each latent writes in the probe's direction
        var cosines = (along / (sae.Decoder * sae.Decoder).sum(-1).sqrt().clamp_min(1e-12)).data<float>().ToArray();
        var written = along.data<float>().ToArray();
        var missed = recognised.Select(t => latents.At(t)).Where(active => !active.Any(a => main.Contains(a.Latent))).ToList();
        int[] absorbers = [.. missed.Select(active => Absorber(active, written, cosines)).OfType<int>()];
        var count = Math.Max(1, recognised.Length);
        return new(main, absorbers.Length / (double)count, missed.Count / (double)count, [.. absorbers.CountBy(a => a).OrderByDescending(a => a.Value).Select(a => a.Key)], recognised.Length);
    }

    private static int? Absorber(IReadOnlyList<(int Latent, float Value)> active, float[] written, float[] cosines)
    {
        var total = active.Sum(a => (double)a.Value * written[a.Latent]);
        if (active.Count == 0 || total <= 0) return null;
        var (latent, value) = active.MaxBy(a => a.Value * written[a.Latent]);
        return cosines[latent] >= LeastCosine && value * written[latent] >= LeastShare * total ? latent : null;
    }
}
