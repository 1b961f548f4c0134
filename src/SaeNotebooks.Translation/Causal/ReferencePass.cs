using SaeNotebooks.Models;
using SaeNotebooks.Translation.Discovery;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Causal;

/// <summary>
/// A batch of prompts with their references given (teacher forcing). The columns from the last prompt token to the last but one of the reference, where
/// its tokens are predicted, can be run again from after a layer.
/// </summary>
internal sealed class ReferencePass : IDisposable
{
    // Numbers of 4 bytes that the largest tensors of a pass may have: logits, rows × columns × vocabulary, and keys and values.
    private const long LogitsAtOnce = 1L << 25, CacheAtOnce = 1L << 28;
    private const int MostRows = 256;

    private readonly ResumableRun _run;
    private readonly Tensor _targets; // [batch, columns] int64
    private readonly Tensor _weights; // [batch, columns]: 1 / tokens of the reference where one is predicted, else 0
    private readonly int _logitRows;

    /// <param name="model">the model</param>
    /// <param name="prompts">with references of at least one token</param>
    /// <param name="layers">the layers after which edits are made</param>
    /// <param name="everyStep">whether edits act where each token is decided, or the first alone</param>
    /// <param name="cancel">looked at before every block</param>
    public ReferencePass(HookedTransformer model, IReadOnlyList<TranslationPrompt> prompts, IReadOnlyList<int> layers, bool everyStep, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        var answers = prompts.Select(p => model.Encode(p.Answer, bos: false)).ToList();
        var columns = answers.Max(a => a.Count);
        var top = model.Config.NLayers - 1;
        _run = new ResumableRun(model, new TokenBatch(prompts.Select((p, i) => (int[])[.. model.Encode(p.Text), .. answers[i].SkipLast(1)]), Padding.Left), columns, [.. layers, top], cancel);
        long[] shape = [prompts.Count, columns];
        _targets = tensor([.. answers.SelectMany(a => Enumerable.Repeat(0L, columns - a.Count).Concat(a.Select(id => (long)id)))], shape, device: model.Device).DetachFromDisposeScope();
        _weights = tensor([.. answers.SelectMany(a => Enumerable.Repeat(0f, columns - a.Count).Concat(Enumerable.Repeat(1f / a.Count, a.Count)))], shape, device: model.Device).DetachFromDisposeScope();
        Edited = tensor([.. answers.SelectMany(a => Enumerable.Range(a.Count - columns, columns).Select(i => i == 0 || (everyStep && i > 0)))], shape, device: model.Device).DetachFromDisposeScope();
        (Rows, Columns, _logitRows) = (prompts.Count, columns, (int)Math.Clamp(LogitsAtOnce / ((long)columns * model.Config.VocabSize), 1, MostRows));
        RowsAtOnce = (int)Math.Clamp(CacheAtOnce / (2L * model.Config.NLayers * model.Config.NKeyValueHeads * model.Config.DHead * _run.Width), 1, MostRows);
        LogProbs = Score(_run.Residual(top), [.. Enumerable.Range(0, Rows)]);
    }

    /// <summary>Prompts.</summary>
    public int Rows { get; }

    /// <summary>Columns that can be run again.</summary>
    public int Columns { get; }

    /// <summary>How many rows of one resumption fit into memory.</summary>
    public int RowsAtOnce { get; }

    /// <summary>[batch, columns] bool: where edits act.</summary>
    public Tensor Edited { get; }

    /// <summary>Mean log-probability of each reference's tokens without edits, in nats.</summary>
    public float[] LogProbs { get; }

    /// <summary>[batch, columns, d_model] after a layer.</summary>
    public Tensor Residual(int layer) => _run.Residual(layer);

    /// <summary>Mean log-probability of references with another residual stream after a layer.</summary>
    /// <param name="layer">after which</param>
    /// <param name="rows">which prompts; they may repeat</param>
    /// <param name="residual">[rows, columns, d_model]</param>
    /// <param name="cancel">looked at before every block</param>
    public float[] Resume(int layer, IReadOnlyList<int> rows, Tensor residual, CancellationToken cancel)
    {
        using var final = _run.Resume(layer, rows, residual, cancel);
        return Score(final, rows);
    }

    public void Dispose()
    {
        _run.Dispose();
        _targets.Dispose();
        _weights.Dispose();
        Edited.Dispose();
    }

    private float[] Score(Tensor final, IReadOnlyList<int> rows)
    {
        var scores = new List<float>();
        foreach (var part in rows.Index().Chunk(_logitRows))
        {
            using var scope = NewDisposeScope();
            var index = tensor([.. part.Select(p => (long)p.Item)], device: _targets.device);
            using var logits = _run.Logits(final.narrow(0, part[0].Index, part.Length));
            scores.AddRange((OfTargets(logits, _targets.index_select(0, index)) * _weights.index_select(0, index)).sum(1).cpu().data<float>());
        }
        return [.. scores];
    }

    /// <summary>[rows, columns]: log p of each target.</summary>
    private static Tensor OfTargets(Tensor logits, Tensor targets) => logits.log_softmax(-1).gather(-1, targets.unsqueeze(-1)).squeeze(-1);
}
