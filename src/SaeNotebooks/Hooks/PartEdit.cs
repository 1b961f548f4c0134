using static TorchSharp.torch;

namespace SaeNotebooks.Hooks;

/// <summary>An edit of some neighbouring prompts out of many, which sees them as if they alone ran: so one batch can hold several edits, each with
/// prompts of its own.</summary>
/// <param name="Whole">the edit</param>
/// <param name="First">the first of its prompts among those that run</param>
/// <param name="Count">how many they are</param>
internal sealed record PartEdit(Edit Whole, int First, int Count) : Edit(Whole.Hook, Whole.Positions)
{
    public override Tensor Apply(Tensor activation, EditContext context)
    {
        int[] rows = [.. context.Prompts.Index().Where(p => p.Item >= First && p.Item < First + Count).Select(p => p.Index)];
        if (rows.Length == 0) return activation;
        var mine = context with
        {
            Prompts = [.. rows.Select(row => context.Prompts[row] - First)],
            PromptCount = Count,
            Place = (row, column) => context.Place(rows[row], column),
        };
        if (rows.Length == context.Prompts.Count) return Whole.Apply(activation, mine);
        var index = tensor([.. rows.Select(row => (long)row)], device: activation.device);
        var before = activation.index_select(0, index);
        var after = Whole.Apply(before, mine);
        if (!after.shape.SequenceEqual(before.shape)) throw EditShapes.Returned(Hook, after, before);
        return activation.index_copy(0, index, after.to(activation.dtype, activation.device));
    }

    public override string ToString() => $"{Whole}; for prompts {First} to {First + Count - 1}";
}
