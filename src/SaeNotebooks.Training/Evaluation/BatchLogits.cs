using SaeNotebooks.Models;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Evaluation;

/// <summary>Logits of a batch.</summary>
/// <param name="logits">[batch, pos, vocab]; ownership passes to this object</param>
/// <param name="batch">the prompts that they belong to</param>
internal sealed class BatchLogits(Tensor logits, TokenBatch batch) : IDisposable
{
    private readonly Tensor _logits = logits.DetachFromDisposeScope();

    /// <summary>Those of one prompt, without padding: [pos, vocab]. A view; the caller owns it.</summary>
    public Tensor Of(int row)
    {
        using var padded = _logits[row];
        return padded.narrow(0, batch.Start(row), batch.Prompts[row].Count);
    }

    public void Dispose() => _logits.Dispose();
}
