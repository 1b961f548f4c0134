using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using SaeNotebooks.Training.Evaluation;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Switch;

/// <summary>
/// How much the first answer tokens lose in log-probability when latents are ablated at the last prompt token, with the reference answer
/// given (teacher forcing). Ablation is exact and cheap: h − Σ_j a_j · W_dec[j].
/// </summary>
internal sealed class CausalEffects : IDisposable
{
    private const int RowsPerBatch = 128;

    // A latent that does little alone hardly does much with others, and each one more costs a run per prompt and step.
    private const int GreedyAmong = 24;

    private readonly HookedTransformer _model;
    private readonly HookName _hook;
    private readonly int _firstTokens;
    private readonly CancellationToken _cancel;
    private readonly IReadOnlyList<int[]> _inputs; // prompt, then all but the last of the first answer tokens
    private readonly IReadOnlyList<long[]> _targets;
    private readonly float[] _clean;
    private readonly float[,] _active; // [prompts, candidates]
    private readonly Tensor _directions; // [candidates, d_model]
    private readonly Lazy<double[]> _oneByOne;

    /// <param name="model">the model</param>
    /// <param name="sae">the SAE whose latents are ablated</param>
    /// <param name="residuals">[prompts, d_model] at the SAE's hook and the last prompt token</param>
    /// <param name="prompts">token ids</param>
    /// <param name="answers">token ids of their references, at least <paramref name="firstTokens"/> each</param>
    /// <param name="candidates">the latents that can be ablated</param>
    /// <param name="firstTokens">how many answer tokens count</param>
    /// <param name="cancel">looked at before every batch</param>
    public CausalEffects(HookedTransformer model, Sae sae, Tensor residuals, IReadOnlyList<IReadOnlyList<int>> prompts,
        IReadOnlyList<IReadOnlyList<int>> answers, IReadOnlyList<int> candidates, int firstTokens, CancellationToken cancel)
    {
        (_model, _hook, _firstTokens, _cancel, Candidates) = (model, sae.Config.Hook, firstTokens, cancel, candidates);
        _inputs = [.. prompts.Zip(answers, (p, a) => (int[])[.. p, .. a.Take(firstTokens - 1)])];
        _targets = [.. answers.Select(a => a.Take(firstTokens).Select(id => (long)id).ToArray())];
        using var scope = NewDisposeScope();
        using var latents = sae.Encode(residuals);
        _active = new float[prompts.Count, candidates.Count];
        foreach (var (c, latent) in candidates.Index())
            foreach (var (i, value) in latents[latent].Index()) _active[i, c] = value;
        _directions = sae.Decoder.index_select(0, tensor([.. candidates.Select(c => (long)c)], device: sae.Decoder.device)).DetachFromDisposeScope();
        _oneByOne = new(() => Added([], _clean!, [.. Enumerable.Range(0, candidates.Count)]).Effects);
        _clean = LogProbs([.. Enumerable.Range(0, prompts.Count).Select(i => (i, Array.Empty<int>()))]);
    }

    /// <summary>The latents that can be ablated; other members name them by their place in this list.</summary>
    public IReadOnlyList<int> Candidates { get; }

    /// <summary>The effect of each candidate alone, nats per token, averaged over prompts; 0 on prompts where it is silent.</summary>
    public IReadOnlyList<double> OneByOne => _oneByOne.Value;

    /// <summary>
    /// Chooses candidates one after the other, each time the one that adds most to the effect of those chosen before, among those with the
    /// largest effects alone; fewer than asked for if nothing adds any more.
    /// </summary>
    /// <returns>places of the chosen in <see cref="Candidates"/>, and the joint effect</returns>
    public (IReadOnlyList<int> Chosen, double Effect) Greedy(int count)
    {
        List<int> chosen = [];
        var among = OneByOne.Index().OrderByDescending(e => e.Item).Take(GreedyAmong).Select(e => e.Index).ToList();
        var (current, effect) = (_clean, 0.0);
        while (chosen.Count < Math.Min(count, among.Count))
        {
            int[] left = [.. among.Except(chosen)];
            var (effects, logProbs) = Added(chosen, current, left);
            var best = Array.IndexOf(effects, effects.Max());
            if (effects[best] <= effect) break;
            chosen.Add(left[best]);
            (current, effect) = (logProbs[best], effects[best]);
        }
        return (chosen, effect);
    }

    public void Dispose() => _directions.Dispose();

    /// <summary>For each addition, the joint effect of it and the chosen; only prompts on which it fires have to be run.</summary>
    private (double[] Effects, float[][] LogProbs) Added(List<int> chosen, float[] current, int[] additions)
    {
        var cases = (from a in additions.Index() from i in Enumerable.Range(0, _inputs.Count) where _active[i, a.Item] > 0 select (a.Index, Prompt: i)).ToList();
        var ran = LogProbs([.. cases.Select(c => (c.Prompt, (int[])[.. chosen, additions[c.Index]]))]);
        var logProbs = additions.Select(_ => (float[])current.Clone()).ToArray();
        foreach (var (c, value) in cases.Zip(ran)) logProbs[c.Index][c.Prompt] = value;
        return ([.. logProbs.Select(l => l.Zip(_clean, (ablated, clean) => (double)clean - ablated).Average())], logProbs);
    }

    /// <summary>Mean log-probability of the first answer tokens of prompts, each with some candidates ablated.</summary>
    private float[] LogProbs(IReadOnlyList<(int Prompt, int[] Ablated)> cases)
    {
        var results = new float[cases.Count];
        foreach (var batch in Batches.ByLength([.. cases.Select(c => _inputs[c.Prompt])], RowsPerBatch))
        {
            using var scope = NewDisposeScope();
            var chosen = batch.Select(b => cases[b]).ToList();
            // Padded on the left, so the last prompt token stands in the same column of every row.
            var tokens = new TokenBatch(chosen.Select(c => _inputs[c.Prompt]), Padding.Left);
            var edit = LastTokens.Add(_hook, Deltas(chosen), Positions.At(-_firstTokens));
            using var run = _model.Run(tokens, edits: edit, logits: true, cancellation: _cancel);
            foreach (var (b, value) in batch.Zip(Score(run.Logits, chosen))) results[b] = value;
        }
        return results;
    }

    /// <summary>[batch, d_model]: −Σ_j a_j · W_dec[j].</summary>
    private Tensor Deltas(List<(int Prompt, int[] Ablated)> cases)
    {
        var weights = new float[cases.Count * Candidates.Count];
        foreach (var (row, (prompt, ablated)) in cases.Index())
            foreach (var c in ablated) weights[row * Candidates.Count + c] = -_active[prompt, c];
        return tensor(weights, [cases.Count, Candidates.Count], device: _directions.device).matmul(_directions);
    }

    private float[] Score(Tensor logits, List<(int Prompt, int[] Ablated)> cases)
    {
        var last = logits.narrow(1, logits.shape[1] - _firstTokens, _firstTokens); // [batch, first, vocab]
        var targets = tensor([.. cases.SelectMany(c => _targets[c.Prompt])], [cases.Count, _firstTokens], device: logits.device);
        return last.log_softmax(-1).gather(-1, targets.unsqueeze(-1)).squeeze(-1).mean([1L]).cpu().data<float>().ToArray();
    }
}
