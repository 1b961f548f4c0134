using SaeNotebooks.Hooks;
using SaeNotebooks.Runtime;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>One forward pass: which columns of a batch it covers, its masks and rotary tables, and what its hooks have captured.</summary>
/// <param name="plan">what happens at the hooks</param>
/// <param name="batch">the prompts</param>
/// <param name="columns">first column and count; columns from the batch's width on are generated</param>
/// <param name="model">the model's dimensions</param>
/// <param name="cache">keys and values of earlier columns, or null</param>
internal sealed class ForwardPass(HookPlan plan, TokenBatch batch, (int First, int Count) columns, ModelConfig model, KeyValueCache? cache) : IDisposable
{
    private readonly Dictionary<HookName, Tensor> _captured = [];
    private readonly Dictionary<Rope, (Tensor Cos, Tensor Sin)> _tables = [];
    private readonly Dictionary<(ScalarType, int?), Tensor> _masks = [];
    private Tensor? _positions;

    public KeyValueCache? Cache => cache;

    public (int First, int Count) Columns => columns;

    /// <summary>Whether every capture has been made, so that nothing later is needed for them.</summary>
    public bool HasAllCaptures => _captured.Count == plan.Captures.Count;

    /// <summary>Whether attention computes scores and patterns as tensors although nobody looks at them.</summary>
    public bool IsExplicit => plan.ExplicitAttention;

    /// <summary>Whether gradients with respect to the captures are wanted, so that what follows is computed from the captured tensors.</summary>
    public bool IsDifferentiated { get; init; }

    /// <summary>Whether any prompt is shorter than the batch.</summary>
    public bool IsPadded { get; } = batch.IsPadded;

    /// <summary>Whether every query sees all keys up to itself, and there are no keys but those of this pass.</summary>
    /// <param name="window">how many keys a query sees at most, or null</param>
    public bool IsPlainlyCausal(int? window) => !IsPadded && columns.First == 0 && !(columns.Count > window);

    public bool IsActive(HookName hook) => plan.IsActive(hook);

    /// <summary>Fires a hook: applies its edits, then captures.</summary>
    public Tensor At(HookName hook, Tensor activation)
    {
        if (!plan.IsActive(hook)) return activation;
        foreach (var edit in plan.EditsAt(hook)) activation = Apply(edit, activation);
        if (!plan.Captured(hook)) return activation;
        if (IsDifferentiated) return CaptureInGraph(hook, activation);
        Capture(hook, activation);
        return activation;
    }

    /// <summary>One captured activation, which this pass owns.</summary>
    public Tensor Captured(HookName hook) => _captured[hook];

    /// <summary>The captured activations; the caller owns them from now on.</summary>
    public Dictionary<HookName, Tensor> TakeCaptured()
    {
        var taken = new Dictionary<HookName, Tensor>(_captured);
        _captured.Clear();
        return taken;
    }

    /// <summary>Turns the heads of [batch, pos, heads, d_head] to the positions of this pass.</summary>
    public Tensor Rotate(Rope rope, Tensor x)
    {
        if (!_tables.TryGetValue(rope, out var tables))
        {
            var (cos, sin) = rope.Tables(Positions(x.device), x.dtype);
            _tables[rope] = tables = (cos.DetachFromDisposeScope(), sin.DetachFromDisposeScope());
        }
        return rope.Rotate(x, tables);
    }

    /// <summary>Counted from each prompt's first token.</summary>
    /// <returns>[batch or 1, pos], int64; this pass owns it</returns>
    public Tensor Positions(Device device)
    {
        if (_positions is not null) return _positions;
        var rows = IsPadded && batch.Padding == Padding.Left ? batch.Prompts.Count : 1;
        var positions = new long[rows, columns.Count];
        for (var row = 0; row < rows; row++)
            for (var i = 0; i < columns.Count; i++) positions[row, i] = Math.Max(0, columns.First + i - batch.Start(row));
        return _positions = tensor(positions, device: device).DetachFromDisposeScope();
    }

    /// <summary>0 where a query may look, −∞ elsewhere: earlier keys of its own prompt, and itself.</summary>
    /// <param name="dtype">of the result</param>
    /// <param name="device">of the result</param>
    /// <param name="window">how many of the latest keys a query sees, or null for all</param>
    /// <returns>[batch or 1, 1, query pos, key pos]; this pass owns it</returns>
    public Tensor Mask(ScalarType dtype, Device device, int? window)
    {
        if (_masks.TryGetValue((dtype, window), out var known)) return known;
        using var scope = NewDisposeScope();
        var keys = tensor([.. Enumerable.Range(0, columns.First + columns.Count).Select(c => (long)c)], device: device);
        var queries = keys.narrow(0, columns.First, columns.Count).unsqueeze(-1);
        var allowed = (keys <= queries).unsqueeze(0).unsqueeze(0); // [1, 1, query, key]
        if (window is { } width) allowed = allowed.logical_and(keys > queries - tensor((long)width, device: device));
        if (IsPadded) allowed = allowed.logical_and(IsToken(keys, device)).logical_or(keys == queries); // padding sees itself: no empty softmax
        return _masks[(dtype, window)] =
            zeros(allowed.shape, dtype, device).masked_fill_(allowed.logical_not(), Scalars.NegativeInfinity).DetachFromDisposeScope();
    }

    public void Dispose()
    {
        _positions?.Dispose();
        foreach (var mask in _masks.Values) mask.Dispose();
        foreach (var (cos, sin) in _tables.Values) { cos.Dispose(); sin.Dispose(); }
        foreach (var tensor in _captured.Values) tensor.Dispose();
    }

    /// <summary>[batch, 1, 1, key]: false where a column is padding.</summary>
    private Tensor IsToken(Tensor keys, Device device)
    {
        var rows = Enumerable.Range(0, batch.Prompts.Count).ToArray();
        Tensor PerRow(Func<int, int> value) => tensor([.. rows.Select(r => (long)value(r))], device: device).view(-1, 1, 1, 1);
        return (keys >= PerRow(batch.Start)).logical_and((keys <= PerRow(batch.Last)).logical_or(keys >= PerRow(_ => batch.Width)));
    }

    private void Capture(HookName hook, Tensor activation)
    {
        // A slice of a fused product would keep the whole product alive.
        var own = activation.is_contiguous() ? activation.alias() : activation.contiguous();
        _captured[hook] = own.DetachFromDisposeScope();
    }

    /// <summary>The graph begins here, or goes on through the captured tensor.</summary>
    private Tensor CaptureInGraph(HookName hook, Tensor activation)
    {
        var own = activation.requires_grad ? activation.alias() : activation.detach().requires_grad_(true);
        _captured[hook] = own.DetachFromDisposeScope();
        return own.alias(); // the block disposes of what it is given
    }

    private Tensor Apply(Edit edit, Tensor activation)
    {
        var selection = Selection.Of(edit.Positions, batch, columns, model.SpecialTokens.Bos);
        if (selection.Columns.Count == 0) return activation;
        var dimension = edit.Hook.Point.PositionDimension();
        var index = selection.Columns.Count == columns.Count ? null
            : tensor([.. selection.Columns.Select(c => (long)(c - columns.First))], device: activation.device);

        var before = index is null ? activation : activation.index_select(dimension, index);
        var context = new EditContext(edit.Hook, selection.Columns, batch.Indices, batch.Total,
            batch.Rearranged is not null, (row, column) => batch.Place(row, column, model.SpecialTokens.Bos, columns.First + columns.Count));
        var after = edit.Apply(before, context);
        if (!after.shape.SequenceEqual(before.shape)) throw EditShapes.Returned(edit.Hook, after, before);
        after = after.to(activation.dtype, activation.device);
        if (selection.Mask(dimension, (int)activation.dim(), activation.device) is { } rows) after = where(rows, after, before);
        return index is null ? after.alias()
            : activation.index_copy(dimension, index, after); // alias: the edit may have returned a tensor that it owns
    }
}
