using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Evaluation;

/// <summary>Cross-entropy of each token given those before it.</summary>
public static class NextTokenLoss
{
    private const int TokensPerBatch = 2048;

    /// <summary>The loss of every token but the first of each sequence.</summary>
    /// <param name="model">the model</param>
    /// <param name="sequences">token ids, at least two in each</param>
    /// <param name="edits">changes made on the way</param>
    /// <param name="cancel">looked at before every batch</param>
    /// <returns>for each sequence, one value less than it has tokens: element i is −ln p(token i + 1), in nats</returns>
    public static IReadOnlyList<float[]> Of(HookedTransformer model, IReadOnlyList<IReadOnlyList<int>> sequences, Edits? edits = null,
        CancellationToken cancel = default)
    {
        var losses = new float[sequences.Count][];
        foreach (var batch in Batches.ByLength(sequences, int.MaxValue, TokensPerBatch))
        {
            using var run = model.Run(new TokenBatch(batch.Select(i => sequences[i])), edits: edits, logits: true, cancellation: cancel);
            foreach (var (row, i) in batch.Index()) losses[i] = Row(run.Logits, row, sequences[i]);
        }
        return losses;
    }

    internal static float[] Row(Tensor logits, int row, IReadOnlyList<int> ids)
    {
        using var scope = NewDisposeScope();
        var predictions = logits[row].narrow(0, 0, ids.Count - 1); // [pos - 1, vocab]
        var targets = tensor([.. ids.Skip(1).Select(id => (long)id)], device: logits.device);
        return nn.functional.cross_entropy(predictions, targets, reduction: nn.Reduction.None).cpu().data<float>().ToArray();
    }
}
