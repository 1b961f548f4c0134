using SaeNotebooks.Runtime;
using static TorchSharp.torch;

namespace SaeNotebooks.Hooks;

/// <summary>activation + scale · vector</summary>
internal sealed record AddEdit(HookName Hook, Positions Positions, Tensor Vector, double Factor) : Edit(Hook, Positions)
{
    public override Tensor Apply(Tensor activation, EditContext context)
    {
        EditShapes.RequireTrailing(this, Vector, activation);
        return activation.Plus(Vector.to(activation.dtype, activation.device).Times(Factor));
    }
}

/// <summary>factor · activation</summary>
internal sealed record ScaleEdit(HookName Hook, Positions Positions, double Factor) : Edit(Hook, Positions)
{
    public override Tensor Apply(Tensor activation, EditContext context) => activation.Times(Factor);
}

/// <summary>0</summary>
internal sealed record ZeroEdit(HookName Hook, Positions Positions) : Edit(Hook, Positions)
{
    public override Tensor Apply(Tensor activation, EditContext context) => zeros_like(activation);
}

/// <summary>f(activation)</summary>
internal sealed record CustomEdit(HookName Hook, Positions Positions, Func<Tensor, EditContext, Tensor> Function) : Edit(Hook, Positions)
{
    public override Tensor Apply(Tensor activation, EditContext context) => Function(activation, context);
}

/// <summary>value, whose shape says whether it is one vector, one per prompt, or a whole run's activation</summary>
internal sealed record ReplaceEdit(HookName Hook, Positions Positions, Tensor Value) : Edit(Hook, Positions)
{
    public override Tensor Apply(Tensor activation, EditContext context)
    {
        var value = Value.to(activation.dtype, activation.device);
        if (value.dim() == activation.dim()) value = SameColumns(value, context);
        else if (value.dim() == activation.dim() - 1) value = OnePerPrompt(value, context);
        else EditShapes.RequireTrailing(this, value, activation);

        try { return value.expand(activation.shape); }
        catch (System.Runtime.InteropServices.ExternalException)
        {
            throw EditShapes.Mismatch(this, Value, activation);
        }
    }

    private Tensor OnePerPrompt(Tensor value, EditContext context)
    {
        if (value.shape[0] != context.PromptCount)
            throw new ArgumentException($"Replacing {Hook}: the given value has {value.shape[0]} rows, one per prompt was expected, and there are {context.PromptCount} prompts.");
        var rows = value.index_select(0, tensor([.. context.Prompts.Select(p => (long)p)], device: value.device));
        return rows.unsqueeze(Hook.Point.PositionDimension());
    }

    private Tensor SameColumns(Tensor value, EditContext context)
    {
        if (context.IsRearranged)
            throw new ArgumentException($"Replacing {Hook}: a whole run's activation cannot be laid over many prompts that are divided into batches; give one vector, or one per prompt.");
        var dimension = Hook.Point.PositionDimension();
        var last = context.Columns[^1];
        if (last >= value.shape[dimension])
            throw new ArgumentException($"Replacing {Hook} at column {last}: the given activation has only {value.shape[dimension]} columns.");
        return value.index_select(dimension, tensor([.. context.Columns.Select(c => (long)c)], device: value.device));
    }
}

internal static class EditShapes
{
    public static void RequireTrailing(Edit edit, Tensor value, Tensor activation)
    {
        var trailing = activation.shape.AsSpan(Math.Max(0, (int)(activation.dim() - value.dim())));
        if (value.dim() >= activation.dim() - 1 || !trailing.SequenceEqual(value.shape)) throw Mismatch(edit, value, activation);
    }

    public static ArgumentException Mismatch(Edit edit, Tensor value, Tensor activation) =>
        new($"The value for {edit.Hook} has shape [{string.Join(", ", value.shape)}]; the activation there is [{string.Join(", ", activation.shape)}].");
}
