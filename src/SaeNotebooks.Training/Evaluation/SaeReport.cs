using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Evaluation;

/// <summary>What was measured on one SAE.</summary>
/// <param name="Sae">the SAE, in words</param>
/// <param name="TokensThatCount">the token policy, in words: whether BOS counts is the first thing that published figures differ in</param>
/// <param name="Reconstruction">of activations</param>
/// <param name="Loss">of the model's predictions; a prediction counts where the token that it is made at does</param>
/// <param name="AllLoss">the same over all predictions, those at tokens that do not count too, where nothing is replaced</param>
/// <param name="Decoder">directions</param>
public sealed record SaeReport(
    string Sae, string TokensThatCount, ReconstructionQuality Reconstruction, LossQuality Loss, LossQuality AllLoss, DecoderGeometry Decoder)
{
    private const int PassesPerSequence = 5; // one to encode, four for losses

    /// <summary>Measures an SAE on a text, in memory bounded by a batch.</summary>
    /// <param name="model">the model whose activations it reads</param>
    /// <param name="sae">an autoencoder, or a transcoder whose target hook is known</param>
    /// <param name="sequences">token ids, at least two in each, best of text that neither was trained on</param>
    /// <param name="policy">which tokens count; <see cref="TokenPolicy.Default"/> if it is left out</param>
    /// <param name="cancellation">looked at before every batch</param>
    public static SaeReport Measure(HookedTransformer model, Sae sae, IReadOnlyList<IReadOnlyList<int>> sequences, TokenPolicy? policy = null,
        CancellationToken cancellation = default)
    {
        policy ??= TokenPolicy.Default;
        using var progress = Progress.Start($"Measuring {sae}", PassesPerSequence * sequences.Count, "forward passes", cancellation: cancellation);
        var passes = 0L;
        var tally = new ReconstructionTally(sae.Width, sae.OutputWidth);
        var counts = sequences.Select(s => new bool[s.Count]).ToArray();
        EncodingPass.Run(model, sae, sequences, policy, batch =>
        {
            tally.Add(batch.Target, batch.Latents, batch.Reconstruction);
            foreach (var (sequence, position) in batch.Places) counts[sequence][position] = true;
            progress.Report(passes += batch.Places.Select(p => p.Sequence).Distinct().Count());
        }, progress.Cancellation);
        using var mean = tensor([.. tally.Mean.Select(m => (float)m)]);
        var positions = policy.SkipFirst ? Positions.AllButFirst : Positions.All;
        var losses = SplicedLosses.Of(model, sae, sequences, mean, positions, done => progress.Report(passes += (PassesPerSequence - 1) * done), progress.Cancellation);
        return new(sae.ToString(), policy.ToString(), tally.Result(), losses.Over((s, i) => counts[s][i - 1]), losses.Over((_, _) => true),
            DecoderGeometry.Of(sae));
    }
}
