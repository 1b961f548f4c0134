using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Evaluation;

/// <summary>Cross-entropy of each token given those before it.</summary>
public static class NextTokenLoss
{
    /// <summary>The loss of every token but the first of each sequence, in memory bounded by a batch.</summary>
    /// <param name="model">the model</param>
    /// <param name="sequences">token ids, at least two in each</param>
    /// <param name="edits">changes made on the way</param>
    /// <param name="cancel">looked at before every block of every batch</param>
    /// <returns>for each sequence, one value less than it has tokens: element i is −ln p(token i + 1), in nats</returns>
    public static IReadOnlyList<float[]> Of(HookedTransformer model, IReadOnlyList<IReadOnlyList<int>> sequences, Edits? edits = null,
        CancellationToken cancel = default)
    {
        var losses = new float[sequences.Count][];
        foreach (var batch in Batches.ByLength(sequences, int.MaxValue, Batches.TokensFor(model)))
        {
            using var quiet = no_grad();
            using var scope = NewDisposeScope();
            BySequence(Predictions.Of(model, new TokenBatch(batch.Select(i => sequences[i])), edits ?? Edits.None, cancel).Losses(), batch, sequences, losses);
        }
        return losses;
    }

    /// <summary>Divides the values of a batch's predictions among its sequences.</summary>
    internal static void BySequence(float[] values, int[] batch, IReadOnlyList<IReadOnlyList<int>> sequences, float[][] into)
    {
        var at = 0;
        foreach (var i in batch) into[i] = values[at..(at += sequences[i].Count - 1)];
    }
}
