using SaeNotebooks.Display;
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

    public override string ToString() => $"add {(Factor == 1 ? "" : $"{Html.Number(Factor)} × ")}a vector of norm {EditShapes.Norm(Vector)} to {Hook}; at {Positions}";
}

/// <summary>factor · activation</summary>
internal sealed record ScaleEdit(HookName Hook, Positions Positions, double Factor) : Edit(Hook, Positions)
{
    public override Tensor Apply(Tensor activation, EditContext context) => activation.Times(Factor);

    public override string ToString() => $"multiply {Hook} by {Html.Number(Factor)}; at {Positions}";
}

/// <summary>0</summary>
internal sealed record ZeroEdit(HookName Hook, Positions Positions) : Edit(Hook, Positions)
{
    public override Tensor Apply(Tensor activation, EditContext context) => zeros_like(activation);

    public override string ToString() => $"replace {Hook} by zeros; at {Positions}";
}

/// <summary>f(activation)</summary>
internal sealed record CustomEdit(HookName Hook, Positions Positions, Func<Tensor, EditContext, Tensor> Function) : Edit(Hook, Positions)
{
    public override Tensor Apply(Tensor activation, EditContext context) => Function(activation, context);

    public override string ToString() => $"replace {Hook} by a function of it; at {Positions}";
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

    public override string ToString() => $"replace {Hook} by a tensor [{string.Join(", ", Value.shape)}] of norm {EditShapes.Norm(Value)}; at {Positions}";

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

    /// <summary>How long a vector is, for texts.</summary>
    public static string Norm(Tensor vector)
    {
        if (vector.IsInvalid) return "unknown, for it has been disposed of";
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        return Html.Number(vector.to(ScalarType.Float32).norm().item<float>());
    }

    public static InvalidOperationException Returned(HookName hook, Tensor after, Tensor before) =>
        new($"The edit at {hook} returned [{string.Join(", ", after.shape)}], expected [{string.Join(", ", before.shape)}].");

    public static ArgumentException Mismatch(Edit edit, Tensor value, Tensor activation) =>
        new($"The value for {edit.Hook} has shape [{string.Join(", ", value.shape)}]; the activation there is [{string.Join(", ", activation.shape)}].");
}
