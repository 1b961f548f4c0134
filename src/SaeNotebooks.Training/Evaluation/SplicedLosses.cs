using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Evaluation;

/// <summary>What a model's predictions lose when an SAE's reconstruction takes the place of the activation, prediction by prediction.</summary>
/// <param name="Clean">by sequence, for each token but the first, −ln p of the model as it is, in nats</param>
/// <param name="Spliced">the same with the reconstruction</param>
/// <param name="Zero">the same with zeros</param>
/// <param name="Mean">the same with the mean activation</param>
/// <param name="Divergence">KL divergence of the predictions with the reconstruction from the clean ones, in nats</param>
public sealed record SplicedLosses(float[][] Clean, float[][] Spliced, float[][] Zero, float[][] Mean, float[][] Divergence)
{
    /// <summary>Runs a model over sequences: as it is, and with three things in place of the activation.</summary>
    /// <param name="model">the model</param>
    /// <param name="sae">an autoencoder, or a transcoder whose target hook is known</param>
    /// <param name="sequences">token ids, at least two in each</param>
    /// <param name="mean">[d_out]: the mean activation at the hook that is replaced</param>
    /// <param name="positions">where activations are replaced</param>
    /// <param name="done">told the number of sequences after each batch</param>
    /// <param name="cancellation">looked at before every batch</param>
    public static SplicedLosses Of(HookedTransformer model, Sae sae, IReadOnlyList<IReadOnlyList<int>> sequences, Tensor mean, Positions positions,
        Action<int>? done = null, CancellationToken cancellation = default)
    {
        Tensor Average(Tensor x) => mean.to(x.dtype, x.device).view(x.shape[Math.Min(2, x.shape.Length - 1)..]).expand_as(x); // x: [tokens, d_out], or [batch, pos, …]
        float[][] New() => new float[sequences.Count][];
        var losses = new SplicedLosses(New(), New(), New(), New(), New());
        foreach (var batch in Batches.ByLength(sequences, int.MaxValue, Batches.TokensFor(model)))
        {
            using var quiet = no_grad();
            using var scope = NewDisposeScope();
            using var replaced = ReplacedActivation.In(model, sae, positions, [.. batch.Select(i => sequences[i])], cancellation);
            var (clean, spliced, divergences) = replaced.Clean().Compare(replaced.Spliced());
            foreach (var (values, into) in new[] { (clean, losses.Clean), (spliced, losses.Spliced), (divergences, losses.Divergence),
                (replaced.With(x => zeros_like(x)).Losses(), losses.Zero), (replaced.With(Average).Losses(), losses.Mean) }) NextTokenLoss.BySequence(values, batch, sequences, into);
            done?.Invoke(batch.Length);
        }
        return losses;
    }

    /// <summary>Means over the predictions that count.</summary>
    /// <param name="counts">by sequence and by position of the token that is predicted, from 1</param>
    public LossQuality Over(Func<int, int, bool> counts)
    {
        double clean = 0, spliced = 0, zero = 0, mean = 0, divergence = 0;
        var tokens = 0;
        for (var s = 0; s < Clean.Length; s++)
            for (var i = 1; i <= Clean[s].Length; i++)
            {
                if (!counts(s, i)) continue;
                (clean, spliced, zero) = (clean + Clean[s][i - 1], spliced + Spliced[s][i - 1], zero + Zero[s][i - 1]);
                (mean, divergence) = (mean + Mean[s][i - 1], divergence + Divergence[s][i - 1]);
                tokens++;
            }
        return new(clean / tokens, spliced / tokens, zero / tokens, mean / tokens, divergence / tokens, tokens);
    }
}

/// <summary>Cross-entropy with and without an SAE's reconstruction.</summary>
/// <param name="Clean">of the model as it is, nats per token</param>
/// <param name="Spliced">with the reconstruction</param>
/// <param name="Zero">with zeros</param>
/// <param name="Mean">with the mean activation</param>
/// <param name="Divergence">KL(clean ‖ spliced), nats per token</param>
/// <param name="Tokens">tokens predicted</param>
public sealed record LossQuality(double Clean, double Spliced, double Zero, double Mean, double Divergence, int Tokens)
{
    /// <summary>(zero − spliced) / (zero − clean): 1 if nothing is lost.</summary>
    public double RecoveredFromZero => (Zero - Spliced) / (Zero - Clean);

    /// <summary>(mean − spliced) / (mean − clean): stricter, because the mean activation is better than none.</summary>
    public double RecoveredFromMean => (Mean - Spliced) / (Mean - Clean);
}
