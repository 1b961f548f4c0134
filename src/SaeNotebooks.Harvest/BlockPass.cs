using System.Diagnostics;
using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using static TorchSharp.torch;

namespace SaeNotebooks.Harvest;

/// <summary>Runs blocks of documents through the model once, up to the last hook that an SAE reads, and through all SAEs.</summary>
/// <param name="model">the model</param>
/// <param name="saes">the SAEs</param>
/// <param name="plan">batches and policy</param>
internal sealed class BlockPass(HookedTransformer model, IReadOnlyList<Sae> saes, HarvestPlan plan)
{
    private double[]? _limits;

    /// <summary>Time in the model and in SAEs.</summary>
    public Stopwatch ModelTime { get; } = new();

    /// <inheritdoc cref="ModelTime"/>
    public Stopwatch SaeTime { get; } = new();

    /// <summary>Whether activations that are too long are left out and it is not yet known which: the first block of the corpus tells.</summary>
    public bool NeedsLimits => plan.Policy.LongestNorm is not null && _limits is null;

    /// <summary>Learns from the first block of the corpus what is too long.</summary>
    public void TakeLimits(Block block, CancellationToken cancellation)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        List<Tensor>[] samples = [.. saes.Select(_ => new List<Tensor>())];
        foreach (var batch in Batches(block))
        {
            using var run = model.Run(batch.Tokens, saes.Select(s => s.Config.Hook).Distinct().ToArray(), cancellation: cancellation);
            for (var s = 0; s < saes.Count; s++) samples[s].Add(Rows(run[saes[s].Config.Hook], plan.Policy.Rows(batch.Tokens)));
        }
        _limits = [.. samples.Select(some => some.Count == 0 ? double.PositiveInfinity : plan.Policy.NormLimit(cat([.. some])))];
    }

    /// <summary>Encodes a block.</summary>
    public EncodedBlock Encode(Block block, CancellationToken cancellation)
    {
        using var quiet = no_grad();
        var encoded = new EncodedBlock(block, saes.Count);
        foreach (var batch in Batches(block))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            ModelTime.Start();
            using var run = model.Run(batch.Tokens, saes.Select(s => s.Config.Hook).Distinct().ToArray(), cancellation: cancellation);
            ModelTime.Stop();
            var rows = plan.Policy.Rows(batch.Tokens);
            if (_limits is not null) rows = Within(run, rows);
            var places = encoded.Count(rows, batch.Sequences, batch.Tokens.Width);
            if (rows.Length == 0) continue;
            SaeTime.Start();
            for (var s = 0; s < saes.Count; s++)
            {
                using var latents = saes[s].Encode(Rows(run[saes[s].Config.Hook], rows));
                encoded.Firings[s].Add(places, latents);
            }
            SaeTime.Stop();
        }
        return encoded;
    }

    /// <summary>Sequences of similar length together.</summary>
    private IEnumerable<(int[] Sequences, TokenBatch Tokens)> Batches(Block block) => Training.Evaluation.Batches
        .ByLength([.. block.Sequences.Select(s => s.Ids)], int.MaxValue, plan.TokensPerPass)
        .Select(rows => (rows, new TokenBatch(rows.Select(r => block.Sequences[r].Ids))));

    /// <summary>The rows whose activation is short enough at every hook, so that all SAEs count the same tokens.</summary>
    private long[] Within(ModelRun run, long[] rows)
    {
        if (rows.Length == 0) return rows;
        using var scope = NewDisposeScope();
        var kept = saes.Select((sae, s) => TokenPolicy.Within(Rows(run[sae.Config.Hook], rows), _limits![s])).Aggregate((all, here) => all.logical_and(here));
        return [.. rows.Zip(kept.cpu().data<bool>().ToArray()).Where(r => r.Second).Select(r => r.First)];
    }

    private static Tensor Rows(Tensor activation, long[] rows) // [batch, pos, …] → [tokens, d]
    {
        using var index = tensor(rows, device: activation.device);
        return activation.flatten(0, 1).flatten(1).index_select(0, index);
    }
}
