using System.Runtime.InteropServices;
using SaeNotebooks.Models;
using SaeNotebooks.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace SaeNotebooks.Generation;

/// <summary>
/// Generation for one batch, token by token: a pass over the prompts, then one pass per token over the newest column alone, with
/// keys and values of the earlier columns in a cache that never grows; or, without a cache, over all columns again.
/// </summary>
internal sealed class BatchDecoding : IDisposable
{
    private readonly Decoder _decoder;
    private readonly ModelConfig _config;
    private readonly HookPlan _plan;
    private TokenBatch _batch;
    private readonly KeyValueCache? _cache;
    private readonly Device _device;
    private float[] _logits = []; // [batch · vocab], of the newest column
    private int _column;
    private long[][] _seen = []; // by row, the tokens of all columns; only without a cache

    /// <param name="decoder">the model's parts</param>
    /// <param name="config">its dimensions</param>
    /// <param name="plan">edits to apply in every pass</param>
    /// <param name="batch">prompts, padded on the left</param>
    /// <param name="capacity">columns at most, prompts and new tokens together; null to do without a cache</param>
    public BatchDecoding(Decoder decoder, ModelConfig config, HookPlan plan, TokenBatch batch, int? capacity)
    {
        (_decoder, _config, _plan, _batch) = (decoder, config, plan, batch);
        _device = decoder.Embedding.Weight.device;
        if (capacity is { } columns) _cache = new KeyValueCache(config, batch.Prompts.Count, columns, decoder.Embedding.Weight.dtype, _device);
    }

    /// <summary>Runs the prompts.</summary>
    /// <returns>[batch · vocab], the logits of each prompt's first new token; the next pass overwrites them</returns>
    public float[] Prefill(CancellationToken cancellation) => Advance(_batch.PaddedIds(), cancellation);

    /// <summary>Runs one more token of each prompt.</summary>
    /// <param name="tokens">[batch]</param>
    /// <param name="cancellation">looked at before every block</param>
    /// <returns>[batch · vocab], the logits of the token after it; the next pass overwrites them</returns>
    public float[] Step(IReadOnlyList<int> tokens, CancellationToken cancellation) =>
        Advance([.. tokens.Select(t => (long)t)], cancellation);

    /// <summary>Goes on with some of the prompts only.</summary>
    /// <param name="rows">which, rising</param>
    public void Keep(IReadOnlyList<int> rows)
    {
        _cache?.Keep(rows);
        if (_cache is null) _seen = [.. rows.Select(row => _seen[row])];
        _batch = _batch.Keep(rows);
    }

    public void Dispose() => _cache?.Dispose();

    /// <param name="ids">[batch · columns], the columns that are new</param>
    /// <param name="cancellation">looked at before every block</param>
    private float[] Advance(long[] ids, CancellationToken cancellation)
    {
        var rows = ids.Chunk(ids.Length / _batch.Prompts.Count).ToArray();
        if (_cache is null) rows = _seen = _column == 0 ? rows : [.. _seen.Zip(rows, (seen, added) => (long[])[.. seen, .. added])];
        var (first, count) = (_cache is null ? 0 : _column, rows[0].Length);
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        using var alone = _device.type == DeviceType.CPU ? Alone(rows.Length * count, first + count) : null;
        using var pass = new ForwardPass(_plan, _batch, (first, count), _config, _cache);
        var logits = _decoder.Forward(tensor([.. rows.SelectMany(r => r)], [_batch.Prompts.Count, count], device: _device), pass, Decoder.Logits.LastColumn, cancellation)!;
        _column = first + count;
        return Copy(logits.cpu().contiguous());
    }

    private float[] Copy(Tensor logits)
    {
        var numbers = MemoryMarshal.Cast<byte, float>(logits.bytes);
        if (_logits.Length != numbers.Length) _logits = new float[numbers.Length];
        numbers.CopyTo(_logits);
        return _logits;
    }

    /// <param name="tokens">in the pass</param>
    /// <param name="columns">that a token sees</param>
    private SmallWork? Alone(long tokens, long columns) => SmallWork.Begin(tokens * _config.DModel * _config.DMlp,
        2 * tokens * columns * _config.NHeads * _config.DHead, inTeam: RowProduct.Suits(tokens, _decoder.Embedding.Weight));
}
