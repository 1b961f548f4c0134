using SaeNotebooks.Models;
using SaeNotebooks.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace SaeNotebooks.Generation;

/// <summary>
/// Generation for one batch, token by token: a pass over the prompts, then one pass per token over the newest column alone, with
/// keys and values of the earlier columns in a cache that never grows.
/// </summary>
internal sealed class BatchDecoding : IDisposable
{
    private readonly Decoder _decoder;
    private readonly ModelConfig _config;
    private readonly HookPlan _plan;
    private TokenBatch _batch;
    private readonly KeyValueCache _cache;
    private readonly Device _device;
    private int _column;

    /// <param name="decoder">the model's parts</param>
    /// <param name="config">its dimensions</param>
    /// <param name="plan">edits to apply in every pass</param>
    /// <param name="batch">prompts, padded on the left</param>
    /// <param name="capacity">columns at most, prompts and new tokens together</param>
    public BatchDecoding(Decoder decoder, ModelConfig config, HookPlan plan, TokenBatch batch, int capacity)
    {
        (_decoder, _config, _plan, _batch) = (decoder, config, plan, batch);
        _device = decoder.Embedding.Weight.device;
        _cache = new KeyValueCache(config, batch.Prompts.Count, capacity, decoder.Embedding.Weight.dtype, _device);
    }

    /// <summary>Runs the prompts.</summary>
    /// <returns>[batch · vocab], the logits of each prompt's first new token</returns>
    public float[] Prefill(CancellationToken cancellation) => Advance(_batch.PaddedIds(), _batch.Width, cancellation);

    /// <summary>Runs one more token of each prompt.</summary>
    /// <param name="tokens">[batch]</param>
    /// <param name="cancellation">looked at before every block</param>
    /// <returns>[batch · vocab], the logits of the token after it</returns>
    public float[] Step(IReadOnlyList<int> tokens, CancellationToken cancellation) =>
        Advance([.. tokens.Select(t => (long)t)], 1, cancellation);

    /// <summary>Goes on with some of the prompts only.</summary>
    /// <param name="rows">which, rising</param>
    public void Keep(IReadOnlyList<int> rows)
    {
        _cache.Keep(rows);
        _batch = _batch.Keep(rows);
    }

    public void Dispose() => _cache.Dispose();

    private float[] Advance(long[] ids, int count, CancellationToken cancellation)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        using var alone = _device.type == DeviceType.CPU ? SmallWork.Begin((long)ids.Length * _config.DModel * _config.DMlp) : null;
        using var pass = new ForwardPass(_plan, _batch, (_column, count), _config, _cache);
        var logits = _decoder.Forward(tensor(ids, [_batch.Prompts.Count, count], device: _device), pass, Decoder.Logits.LastColumn, cancellation)!;
        _column += count;
        return logits.cpu().data<float>().ToArray();
    }
}
