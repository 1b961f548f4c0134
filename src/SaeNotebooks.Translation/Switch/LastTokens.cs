using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Runtime;
using SaeNotebooks.Training.Evaluation;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Switch;

/// <summary>The residual stream at the last token of prompts, and an edit that treats each prompt in its own way.</summary>
internal static class LastTokens
{
    private const int TokensPerBatch = 4096;

    /// <summary>Runs prompts and keeps their last token.</summary>
    /// <returns>[hooks, prompts, d_model] float32; the caller owns it</returns>
    public static Tensor Capture(HookedTransformer model, IReadOnlyList<IReadOnlyList<int>> prompts, IReadOnlyList<HookName> hooks, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        var kept = zeros(hooks.Count, prompts.Count, model.Config.DModel, device: model.Device);
        foreach (var batch in Batches.ByLength(prompts, int.MaxValue, TokensPerBatch))
        {
            using var inner = NewDisposeScope();
            using var run = model.Run(new TokenBatch(batch.Select(i => prompts[i]), Padding.Left), hooks.ToArray(), cancellation: cancel);
            var rows = tensor([.. batch.Select(i => (long)i)], device: model.Device);
            kept.index_copy_(1, rows, stack([.. hooks.Select(h => run[h].select(1, -1).to(ScalarType.Float32))]));
        }
        return kept.MoveToOuterDisposeScope();
    }

    /// <summary>Adds to each prompt a vector of its own.</summary>
    /// <param name="hook">where</param>
    /// <param name="deltas">[prompts, d_model]; must live as long as the edit is in use</param>
    /// <param name="positions">one position per prompt</param>
    public static Edit Add(HookName hook, Tensor deltas, Positions positions) => Edit.Custom(hook, (activation, context) =>
    {
        var rows = deltas.index_select(0, tensor([.. context.Prompts.Select(p => (long)p)], device: deltas.device)); // [batch, d_model]
        return activation.Plus(rows.unsqueeze(1).to(activation.dtype));
    }, positions);
}
