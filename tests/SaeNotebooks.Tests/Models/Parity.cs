using SaeNotebooks.Generation;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Tests.Goldens;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Models;

/// <summary>How far something is from what the reference computed.</summary>
/// <param name="Kind">a column of the table in the library's documentation</param>
/// <param name="What">the tensor</param>
/// <param name="Max">largest difference</param>
internal readonly record struct Deviation(string Kind, string What, double Max);

/// <summary>Compares a model with the golden of HuggingFace transformers.</summary>
internal static class Parity
{
    public const string Residual = "residual stream", Pattern = "pattern", Logits = "logits", Padded = "padded batches";

    /// <summary>One prompt at a time: every layer's residual stream, every pattern that the golden has, the logits, with attention computed
    /// explicitly and fused.</summary>
    public static List<Deviation> Alone(HookedTransformer model, Golden golden)
    {
        var found = new List<Deviation>();
        foreach (var prompt in new[] { 0, 1 })
        {
            HookSet residuals = HookSet.EachLayer(model.Config.NLayers, Hook.ResidPost) + Hook.ResidPre(0);
            using var scope = NewDisposeScope();
            using var explicitly = model.Run(golden.Ids($"prompt{prompt}"), residuals + HookSet.EachLayer(model.Config.NLayers, Hook.Pattern), logits: true);
            using var fused = model.Run(golden.Ids($"prompt{prompt}"), residuals, logits: true);
            foreach (var run in new[] { explicitly, fused })
            {
                void Compared(string kind, string key, Func<Tensor> actual)
                {
                    if (golden.Has($"single{prompt}.{key}"))
                        found.Add(new(kind, $"prompt {prompt} {key}", Compare.Difference(golden.Read($"single{prompt}.{key}"), actual())));
                }
                Compared(Residual, "resid_pre.0", () => run[Hook.ResidPre(0)]);
                foreach (var hook in run.Captured.Where(h => h.Point == HookPoint.ResidPost)) Compared(Residual, $"resid_post.{hook.Layer}", () => run[hook]);
                foreach (var hook in run.Captured.Where(h => h.Point == HookPoint.Pattern)) Compared(Pattern, $"attn.{hook.Layer}", () => run[hook]);
                Compared(Logits, "logits", () => run.Logits);
            }
        }
        return found;
    }

    /// <summary>Both prompts as one batch, padded on a side; compared where there are tokens.</summary>
    public static List<Deviation> InPaddedBatches(HookedTransformer model, Golden golden)
    {
        var found = new List<Deviation>();
        var last = Hook.ResidPost(model.Config.NLayers - 1);
        foreach (var padding in new[] { Padding.Left, Padding.Right })
        foreach (HookSet capture in new HookSet[] { [last], [last, Hook.Pattern(1)] }) // fused and explicit attention
        {
            using var scope = NewDisposeScope();
            var side = padding == Padding.Left ? "left" : "right";
            using var run = model.Run(new TokenBatch([golden.Ids("prompt0"), golden.Ids("prompt1")], padding), capture, logits: true);
            var mask = golden.Read($"{side}.attention_mask").to(ScalarType.Float32).unsqueeze(-1); // [batch, pos, 1]
            void Compared(string key, Tensor actual, Tensor where) =>
                found.Add(new(Padded, $"{side}.{key}", Compare.Difference(golden.Read($"{side}.{key}") * where, actual * where)));
            Compared($"resid_post.{last.Layer}", run[last], mask);
            if (golden.Has($"{side}.logits")) Compared("logits", run.Logits, mask);
            if (capture.Contains(Hook.Pattern(1)) && golden.Has($"{side}.attn.1")) Compared("attn.1", run[Hook.Pattern(1)], mask.unsqueeze(1));
        }
        return found;
    }

    /// <summary>The tokens that greedy generation gives for both prompts, alone and padded together, beside those of the reference.</summary>
    public static IEnumerable<(string What, int[] Expected, int[] Actual)> Greedy(HookedTransformer model, Golden golden)
    {
        int[][] prompts = [golden.Ids("prompt0"), golden.Ids("prompt1")];
        GenerationOptions Options(int count) => new() { MaxNewTokens = count, StopTokens = [] };
        for (var i = 0; i < prompts.Length; i++)
        {
            var expected = golden.Ids($"gen.single{i}")[prompts[i].Length..];
            yield return ($"prompt {i}", expected, [.. model.Generate(prompts[i], Options(expected.Length)).Ids]);
        }
        if (!golden.Has("gen.left")) yield break;
        var rows = golden.Rows("gen.left");
        var together = model.GenerateAll(prompts, Options(rows[0].Length - prompts.Max(p => p.Length)));
        for (var i = 0; i < rows.Length; i++)
            yield return ($"left-padded prompt {i}", rows[i][prompts.Max(p => p.Length)..], [.. together[i].Ids]);
    }
}
