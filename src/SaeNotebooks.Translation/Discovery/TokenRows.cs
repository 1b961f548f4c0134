using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Training.Evaluation;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Discovery;

/// <summary>The residual stream at chosen tokens of many prompts, at several hooks from one pass.</summary>
internal static class TokenRows
{
    private const int TokensPerBatch = 4096;

    /// <param name="model">the model</param>
    /// <param name="prompts">token ids</param>
    /// <param name="places">which token of which prompt</param>
    /// <param name="hooks">hooks of width d_model</param>
    /// <param name="cancel">looked at before every batch</param>
    /// <returns>[hooks, places, d_model] float32; the caller owns it</returns>
    public static Tensor Capture(HookedTransformer model, IReadOnlyList<IReadOnlyList<int>> prompts, IReadOnlyList<(int Prompt, int Token)> places,
        IReadOnlyList<HookName> hooks, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        var kept = zeros(hooks.Count, places.Count, model.Config.DModel, device: model.Device);
        var byPrompt = places.Index().ToLookup(p => p.Item.Prompt, p => (Row: p.Index, p.Item.Token));
        foreach (var batch in Batches.ByLength(prompts, int.MaxValue, TokensPerBatch))
        {
            using var inner = NewDisposeScope();
            var tokens = new TokenBatch(batch.Select(i => prompts[i]));
            var wanted = batch.Index().SelectMany(b => byPrompt[b.Item].Select(p => (p.Row, At: (long)b.Index * tokens.Width + p.Token))).ToList();
            if (wanted.Count == 0) continue;
            using var run = model.Run(tokens, hooks.ToArray(), cancellation: cancel);
            Tensor rows = tensor([.. wanted.Select(w => (long)w.Row)], device: model.Device), at = tensor([.. wanted.Select(w => w.At)], device: model.Device);
            kept.index_copy_(1, rows, stack([.. hooks.Select(h => run[h].reshape(-1, model.Config.DModel).index_select(0, at).to(ScalarType.Float32))]));
        }
        return kept.MoveToOuterDisposeScope();
    }

    /// <summary>The last token of each prompt: [hooks, prompts, d_model] float32; the caller owns it.</summary>
    public static Tensor Last(HookedTransformer model, IReadOnlyList<IReadOnlyList<int>> prompts, IReadOnlyList<HookName> hooks, CancellationToken cancel) =>
        Capture(model, prompts, [.. prompts.Select((p, i) => (i, p.Count - 1))], hooks, cancel);
}
