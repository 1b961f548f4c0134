using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Evaluation;

/// <summary>A batch's predictions as they are, and with something else in place of an activation. They are valid until the caller's scope ends.</summary>
internal abstract class ReplacedActivation : IDisposable
{
    /// <summary>The cheapest way: where the residual stream after a block is replaced, what lies below runs once for all replacements.</summary>
    /// <param name="model">the model</param>
    /// <param name="sae">what is replaced is the activation that it reconstructs</param>
    /// <param name="positions">where</param>
    /// <param name="sequences">token ids</param>
    /// <param name="cancellation">looked at before every block</param>
    public static ReplacedActivation In(HookedTransformer model, Sae sae, Positions positions, IReadOnlyList<IReadOnlyList<int>> sequences, CancellationToken cancellation) =>
        sae.Config is { IsTranscoder: false, Hook.Point: HookPoint.ResidPost }
            ? new ReplacedResidual(model, sae, positions, new TokenBatch(sequences, Padding.Left), cancellation)
            : new ReplacedAnywhere(model, sae, positions, new TokenBatch(sequences), cancellation);

    /// <summary>The model's own predictions.</summary>
    public abstract Predictions Clean();

    /// <summary>With another activation, which is made of the one that was there.</summary>
    /// <param name="other">from [tokens, d_out], or [batch, pos, …], to the same shape</param>
    public abstract Predictions With(Func<Tensor, Tensor> other);

    /// <summary>With the SAE's reconstruction.</summary>
    public abstract Predictions Spliced();

    public virtual void Dispose() { }
}

/// <summary>The residual stream after a block: the blocks above run again for each replacement.</summary>
internal sealed class ReplacedResidual : ReplacedActivation
{
    private readonly HookedTransformer _model;
    private readonly Sae _sae;
    private readonly TokenBatch _batch;
    private readonly ResumableRun _run;
    private readonly Tensor _places; // [tokens]: which of the batch's places are replaced, row by row
    private readonly int _layer, _top;
    private readonly CancellationToken _cancellation;

    public ReplacedResidual(HookedTransformer model, Sae sae, Positions positions, TokenBatch batch, CancellationToken cancellation)
    {
        (_model, _sae, _batch, _cancellation, _layer, _top) = (model, sae, batch, cancellation, sae.Config.Hook.Layer, model.Config.NLayers - 1);
        _run = new ResumableRun(model, batch, batch.Width, [_layer, _top], cancellation);
        _places = tensor([.. Places(positions, model.Tokenizer?.Bos)], device: model.Device).DetachFromDisposeScope();
    }

    public override Predictions Clean() => Predictions.After(_model, _batch, _run.Residual(_top));

    public override Predictions Spliced() => With(_sae.Reconstruct);

    public override Predictions With(Func<Tensor, Tensor> other)
    {
        var stream = _run.Residual(_layer).flatten(0, 1); // [batch · pos, d_model]
        var replaced = stream.index_copy(0, _places, other(stream.index_select(0, _places)).to(stream.dtype)).view(_batch.Prompts.Count, _batch.Width, -1);
        return Predictions.After(_model, _batch, _run.Resume(_layer, [.. Enumerable.Range(0, _batch.Prompts.Count)], replaced, _cancellation));
    }

    public override void Dispose()
    {
        _run.Dispose();
        _places.Dispose();
    }

    private IEnumerable<long> Places(Positions positions, int? bos) =>
        from row in Enumerable.Range(0, _batch.Prompts.Count)
        from column in Enumerable.Range(0, _batch.Width)
        where _batch.Place(row, column, bos, _batch.Width) is { } place && positions.Selects(place)
        select row * (long)_batch.Width + column;
}

/// <summary>Any activation: the whole model runs for each replacement.</summary>
internal sealed class ReplacedAnywhere(HookedTransformer model, Sae sae, Positions positions, TokenBatch batch, CancellationToken cancellation) : ReplacedActivation
{
    private readonly HookName _target = EncodingPass.TargetOf(sae);

    public override Predictions Clean() => Run(Edits.None);

    public override Predictions With(Func<Tensor, Tensor> other) => Run(Edit.Custom(_target, (x, _) => other(x), positions));

    public override Predictions Spliced()
    {
        if (!sae.Config.IsTranscoder) return With(sae.Reconstruct);
        Tensor? read = null; // in one forward pass the transcoder's input comes before what it predicts
        return Run((Edits)Edit.Custom(sae.Config.Hook, (x, _) => read = x, positions) + Edit.Custom(_target, (_, _) => sae.Reconstruct(read!), positions));
    }

    private Predictions Run(Edits edits) => Predictions.Of(model, batch, edits, cancellation);
}
