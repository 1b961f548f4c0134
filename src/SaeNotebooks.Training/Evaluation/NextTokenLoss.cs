using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Evaluation;

/// <summary>Cross-entropy of each token given those before it.</summary>
public static class NextTokenLoss
{
    private const int TokensPerBatch = 2048;

    /// <summary>32 MB.</summary>
    private const int LogitsPerPiece = 1 << 23;

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
            foreach (var (row, i) in batch.Index()) losses[i] = Of(run.Logits[row], sequences[i]);
        }
        return losses;
    }

    /// <summary>The loss of every token but the first of one sequence.</summary>
    /// <param name="logits">[pos, vocab]; padding may follow</param>
    /// <param name="ids">the sequence</param>
    internal static float[] Of(Tensor logits, IReadOnlyList<int> ids)
    {
        var losses = new float[ids.Count - 1];
        foreach (var (from, count) in Pieces(losses.Length, logits.shape[^1]))
        {
            using var scope = NewDisposeScope();
            var predictions = logits.narrow(0, from, count).to(float32); // [count, vocab]
            var targets = tensor([.. ids.Skip(from + 1).Take(count).Select(id => (long)id)], device: logits.device);
            nn.functional.cross_entropy(predictions, targets, reduction: nn.Reduction.None).cpu().data<float>().CopyTo(losses, from);
        }
        return losses;
    }

    /// <summary>Divides predictions so that what is computed of the logits of each piece is bounded.</summary>
    internal static IEnumerable<(int From, int Count)> Pieces(int predictions, long vocabulary)
    {
        var most = (int)Math.Max(1, LogitsPerPiece / vocabulary);
        for (var from = 0; from < predictions; from += most) yield return (from, Math.Min(most, predictions - from));
    }
}
