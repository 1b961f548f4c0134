using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Evaluation;

/// <summary>What a model predicts at every token of some sequences but the last of each. Logits are made a piece at a time, because those of a large
/// vocabulary take more memory than all else.</summary>
/// <param name="logits">those of some predictions, given the first and their number: [count, vocab]</param>
/// <param name="targets">by prediction, the token that came</param>
/// <param name="vocabulary">number of tokens to choose from</param>
internal sealed class Predictions(Func<int, int, Tensor> logits, long[] targets, long vocabulary)
{
    /// <summary>16 MB.</summary>
    private const int LogitsPerPiece = 1 << 22;

    /// <summary>Runs a model. What it computed is valid until the caller's scope ends.</summary>
    /// <param name="model">the model</param>
    /// <param name="batch">at least two tokens in each prompt</param>
    /// <param name="edits">changes made on the way</param>
    /// <param name="cancellation">looked at before every block</param>
    public static Predictions Of(HookedTransformer model, TokenBatch batch, Edits edits, CancellationToken cancellation)
    {
        using var normalized = model.RunToHead(batch, edits, cancellation);
        return Of(model, batch, normalized, model.Head.Logits);
    }

    /// <summary>What follows from the residual stream after the last block.</summary>
    /// <param name="model">the model</param>
    /// <param name="batch">at least two tokens in each prompt</param>
    /// <param name="residual">[batch, pos, d_model]; not needed any more afterwards</param>
    public static Predictions After(HookedTransformer model, TokenBatch batch, Tensor residual) => Of(model, batch, residual, model.Unembed);

    private static Predictions Of(HookedTransformer model, TokenBatch batch, Tensor stream, Func<Tensor, Tensor> logits)
    {
        using var places = tensor([.. batch.Prompts.SelectMany((p, row) => Enumerable.Range(row * batch.Width + batch.Start(row), p.Count - 1)).Select(i => (long)i)], device: model.Device);
        using var all = stream.flatten(0, 1);
        var predicting = all.index_select(0, places); // [predictions, d_model]
        return new((from, count) => logits(predicting.narrow(0, from, count)), [.. batch.Prompts.SelectMany(p => p.Skip(1)).Select(id => (long)id)], model.Config.VocabSize);
    }

    /// <summary>−ln p of the token that came, by prediction, in nats.</summary>
    public float[] Losses()
    {
        var losses = new float[targets.Length];
        foreach (var piece in Pieces)
        {
            using var scope = NewDisposeScope();
            Loss(LogProbabilities(piece), piece, losses);
        }
        return losses;
    }

    /// <summary>Both's losses, and how far the others' predictions of the same tokens are from these: KL(these ‖ others), in nats.</summary>
    public (float[] Losses, float[] Others, float[] Divergences) Compare(Predictions others)
    {
        var (losses, theirs, divergences) = (new float[targets.Length], new float[targets.Length], new float[targets.Length]);
        foreach (var piece in Pieces)
        {
            using var scope = NewDisposeScope();
            Tensor p = LogProbabilities(piece), q = others.LogProbabilities(piece);
            Loss(p, piece, losses);
            Loss(q, piece, theirs);
            Copy(q.neg_().add_(p).mul_(p.exp_()).sum(-1), piece, divergences);
        }
        return (losses, theirs, divergences);
    }

    private IEnumerable<(int From, int Count)> Pieces
    {
        get
        {
            var most = (int)Math.Max(1, LogitsPerPiece / vocabulary);
            for (var from = 0; from < targets.Length; from += most) yield return (from, Math.Min(most, targets.Length - from));
        }
    }

    private Tensor LogProbabilities((int From, int Count) piece) // [count, vocab] float32
    {
        using var scores = logits(piece.From, piece.Count);
        return nn.functional.log_softmax(scores, -1);
    }

    private void Loss(Tensor logProbabilities, (int From, int Count) piece, float[] losses)
    {
        var came = tensor(targets[piece.From..(piece.From + piece.Count)], device: logProbabilities.device);
        Copy(logProbabilities.gather(1, came.unsqueeze(1)).squeeze(1).neg_(), piece, losses);
    }

    private static void Copy(Tensor values, (int From, int Count) piece, float[] into) => values.cpu().data<float>().CopyTo(into, piece.From);
}
