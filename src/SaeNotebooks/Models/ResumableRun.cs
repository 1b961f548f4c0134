using SaeNotebooks.Hooks;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>
/// A batch that was run once and whose last columns can be run again from after any layer, with another residual stream there: what an edit of
/// those columns does downstream, exactly, for the price of those columns and the layers above. Keys and values of the columns before are kept,
/// which no such edit can change, since a token never looks ahead.
/// </summary>
/// <remarks>Owns its tensors; the model must outlive it.</remarks>
public sealed class ResumableRun : IDisposable
{
    private readonly HookedTransformer _model;
    private readonly TokenBatch _batch;
    private readonly HookPlan _plan;
    private readonly KeyValueCache _cache;
    private readonly Dictionary<int, Tensor> _residuals;

    /// <summary>Runs the batch.</summary>
    /// <param name="model">a model with all its layers</param>
    /// <param name="batch">padded on the left, so that all sequences end in the last column</param>
    /// <param name="columns">how many of the last columns can be run again</param>
    /// <param name="layers">the layers after which that can be done</param>
    /// <param name="cancellation">looked at before every block</param>
    /// <exception cref="ArgumentException">padding on the right, more columns than there are, or a layer that does not exist</exception>
    public ResumableRun(HookedTransformer model, TokenBatch batch, int columns, IReadOnlyList<int> layers, CancellationToken cancellation = default)
    {
        if (batch.Padding != Padding.Left) throw new ArgumentException("Only a batch that is padded on the left ends in one column; make it with Padding.Left.", nameof(batch));
        if (columns < 1 || columns > batch.Width) throw new ArgumentException($"{columns} columns were asked for; the batch has {batch.Width}.", nameof(columns));
        (_model, _batch, Columns) = (model, batch, columns);
        _plan = model.PlanOf(batch, HookSet.None);
        _cache = new KeyValueCache(model.Config, batch.Prompts.Count, batch.Width, model.Dtype, model.Device);
        try { _residuals = Run(layers, cancellation); }
        catch { _cache.Dispose(); throw; }
    }

    /// <summary>How many of the last columns can be run again.</summary>
    public int Columns { get; }

    /// <summary>All columns of the batch, whose keys and values each row of a resumption copies.</summary>
    public int Width => _batch.Width;

    /// <summary>The residual stream after a layer in the last columns: [batch, columns, d_model] in the model's dtype. This object owns it.</summary>
    /// <exception cref="KeyNotFoundException">the layer was not asked for</exception>
    public Tensor Residual(int layer) => _residuals.TryGetValue(layer, out var residual) ? residual
        : throw new KeyNotFoundException($"This run can be resumed after layers {string.Join(", ", _residuals.Keys.Order())}, not after {layer}.");

    /// <summary>Runs some rows again from after a layer.</summary>
    /// <param name="layer">one of those asked for</param>
    /// <param name="rows">which sequences; they may repeat</param>
    /// <param name="residual">[rows, columns, d_model]: the residual stream after the layer</param>
    /// <param name="cancellation">looked at before every block</param>
    /// <returns>[rows, columns, d_model]: the residual stream after the last layer; the caller owns it</returns>
    public Tensor Resume(int layer, IReadOnlyList<int> rows, Tensor residual, CancellationToken cancellation = default)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        return Above(layer, rows, residual, cancellation).MoveToOuterDisposeScope();
    }

    /// <summary>The logits that belong to a residual stream after the last layer.</summary>
    /// <param name="final">[…, d_model]</param>
    /// <returns>[…, vocab] float32; the caller owns it</returns>
    public Tensor Logits(Tensor final) => _model.Unembed(final);

    /// <inheritdoc/>
    public void Dispose()
    {
        _cache.Dispose();
        foreach (var residual in _residuals.Values) residual.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => $"A run of {_batch}, whose last {Columns} columns can be run again from after layers {string.Join(", ", _residuals.Keys.Order())}";

    private Dictionary<int, Tensor> Run(IReadOnlyList<int> layers, CancellationToken cancellation)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        using var pass = new ForwardPass(_model.PlanOf(_batch, (HookSet)layers.Select(Hook.ResidPost).ToArray()), _batch, (0, _batch.Width), _model.Config, _cache);
        var ids = tensor(_batch.PaddedIds(), [_batch.Prompts.Count, _batch.Width], device: _model.Device);
        // With logits asked for, every layer runs, also those above the last capture, whose keys and values are needed.
        _model.Decoder.Forward(ids, pass, Decoder.Logits.LastColumn, cancellation);
        return layers.Distinct().ToDictionary(l => l, l => pass.Captured(Hook.ResidPost(l)).narrow(1, _batch.Width - Columns, Columns).clone().DetachFromDisposeScope());
    }

    private Tensor Above(int layer, IReadOnlyList<int> rows, Tensor residual, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var cache = _cache.Take(rows, layer + 1);
        using var pass = new ForwardPass(_plan, _batch.Keep(rows), (_batch.Width - Columns, Columns), _model.Config, cache);
        var x = residual.to(_model.Dtype).alias();
        foreach (var block in _model.Decoder.Blocks.Skip(layer + 1))
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var above = block.Forward(x, pass).MoveToOuterDisposeScope();
            x.Dispose();
            x = above;
        }
        return x.alias().MoveToOuterDisposeScope();
    }
}
