using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Training.LanguageModels;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Saes;

/// <summary>Activations of whole documents at several hooks, for training. BOS is left out: its activations are like no other token's.</summary>
internal sealed class ActivationHarvest(HookedTransformer model, IReadOnlyList<HookName> hooks, IExampleSource documents)
{
    private const int TokensPerBatch = 4096;

    /// <summary>The activations of documents <c>first</c> to <c>first + count</c>; the caller owns the result.</summary>
    /// <returns>[hooks, tokens, d_model] float32</returns>
    public Tensor Take(long first, int count)
    {
        using var scope = NewDisposeScope();
        var examples = Enumerable.Range(0, count).Select(i => documents[first + i].Ids).OrderBy(ids => ids.Length).ToList();
        var parts = new List<Tensor>();
        for (var at = 0; at < examples.Count;)
        {
            var n = 1;
            while (at + n < examples.Count && (n + 1) * examples[at + n].Length <= TokensPerBatch) n++;
            parts.Add(Run(examples.GetRange(at, n)));
            at += n;
        }
        return cat(parts, 1).MoveToOuterDisposeScope();
    }

    private Tensor Run(List<int[]> examples)
    {
        using var run = model.Run(new TokenBatch(examples), hooks.ToArray());
        var width = examples.Max(e => e.Length);
        var rows = examples.SelectMany((ids, b) => Enumerable.Range(1, ids.Length - 1).Select(i => (long)b * width + i)).ToArray();
        using var index = tensor(rows);
        return stack([.. hooks.Select(h => run[h].to(float32).flatten(0, 1).index_select(0, index))]);
    }
}
