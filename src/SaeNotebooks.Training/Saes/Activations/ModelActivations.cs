using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Training.LanguageModels;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Saes.Activations;

/// <summary>Activations of whole documents as a model reads them, at any number of hooks on one forward pass.</summary>
/// <param name="model">stays the caller's</param>
/// <param name="hooks">where</param>
/// <param name="documents">what the model reads; a block is so many of them in their order</param>
/// <param name="identity">names model and documents, so that a checkpoint is not continued on others</param>
public sealed class ModelActivations(HookedTransformer model, IReadOnlyList<HookName> hooks, IExampleSource documents, string identity) : IActivationSource
{
    private const int TokensPerPass = 4096;
    private readonly Lock _lock = new();
    private Dictionary<HookName, double>? _limits;

    /// <summary>Which tokens count.</summary>
    public TokenPolicy Policy { get; init; } = TokenPolicy.Default;

    /// <summary>Documents in a block, which bounds the memory: at each hook so many times their tokens times the width, times 4 bytes.</summary>
    public int DocumentsPerBlock { get; init; } = 1024;

    /// <inheritdoc/>
    public IReadOnlyList<HookName> Hooks => hooks;

    /// <inheritdoc/>
    public string Identity => $"{identity}; {string.Join(", ", hooks)}; {DocumentsPerBlock} documents per block, {Policy}";

    /// <inheritdoc/>
    public ActivationBlock Block(long number)
    {
        var block = Harvest(number);
        if (Policy.LongestNorm is null) return block;
        using (block) return Within(block, Limits(number, block));
    }

    /// <summary>The longest norms that count, by hook, from the first block.</summary>
    private Dictionary<HookName, double> Limits(long number, ActivationBlock block)
    {
        lock (_lock)
        {
            if (_limits is not null) return _limits;
            using var first = number == 0 ? null : Harvest(0);
            return _limits = hooks.ToDictionary(h => h, h => Policy.NormLimit((first ?? block)[h]));
        }
    }

    private ActivationBlock Within(ActivationBlock block, Dictionary<HookName, double> limits)
    {
        using var scope = NewDisposeScope();
        var kept = hooks.Select(h => TokenPolicy.Within(block[h], limits[h])).Aggregate((all, here) => all.logical_and(here)).nonzero().flatten();
        return new(hooks, [.. hooks.Select(h => block[h].index_select(0, kept))]);
    }

    private ActivationBlock Harvest(long number)
    {
        using var scope = NewDisposeScope();
        var examples = Enumerable.Range(0, DocumentsPerBlock).Select(i => documents[number * DocumentsPerBlock + i].Ids).OrderBy(ids => ids.Length).ToList();
        var parts = new List<Tensor[]>();
        for (var at = 0; at < examples.Count;)
        {
            var n = 1;
            while (at + n < examples.Count && (n + 1) * examples[at + n].Length <= TokensPerPass) n++;
            parts.Add(Run(new TokenBatch(examples.GetRange(at, n))));
            at += n;
        }
        return new(hooks, [.. hooks.Select((_, h) => cat([.. parts.Select(p => p[h])]))]);
    }

    private Tensor[] Run(TokenBatch batch)
    {
        using var run = model.Run(batch, hooks.ToArray());
        using var rows = tensor(Policy.Rows(batch));
        return [.. hooks.Select(h => run[h].to(float32).flatten(0, 1).flatten(1).cpu().index_select(0, rows))]; // heads are flattened too
    }
}
