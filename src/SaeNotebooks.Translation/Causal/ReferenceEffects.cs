using SaeNotebooks.Analysis;
using SaeNotebooks.Models;
using SaeNotebooks.Runtime;
using SaeNotebooks.Saes;
using SaeNotebooks.Training.Evaluation;
using SaeNotebooks.Translation.Discovery;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Causal;

/// <summary>
/// What interventions on latents change in references that are given (teacher forcing), by prompt: to first order, in log-odds, for all latents of an SAE
/// from one pass per batch of prompts; and exactly, in log-probability, for some, by running the layers above again.
/// </summary>
/// <param name="model">the model</param>
/// <param name="prompts">with references</param>
/// <param name="everyStep">whether interventions act where each token is decided, as in the paper's generations, or at the last prompt token alone</param>
/// <exception cref="ArgumentException">a reference is empty</exception>
public sealed class ReferenceEffects(HookedTransformer model, IReadOnlyList<TranslationPrompt> prompts, bool everyStep = true)
{
    private const int PromptsPerBatch = 32;
    private const long LogitsAtOnce = 1L << 25;

    private readonly IReadOnlyList<IReadOnlyList<int>> _answers = [.. prompts.Select(p => model.Encode(p.Answer, bos: false) is { Count: > 0 } ids ? ids
        : throw new ArgumentException($"The prompt '{p.Text}' has an empty reference, whose probability means nothing; leave it out.", nameof(prompts)))];

    /// <summary>
    /// First order: with g the gradient of the mean log-odds log p − log(1 − p) of a reference's tokens with respect to the residual stream at the SAE's hook,
    /// and δ = (factor − 1) · a_j · W_dec[j], their change is about δ · g (attribution patching, Nanda 2023; in log-odds, since the slope of log p vanishes
    /// where p is near 1). One pass forwards and one backwards per batch; all latents are then one matrix product.
    /// </summary>
    /// <param name="sae">the SAE</param>
    /// <param name="cancel">looked at before every block</param>
    /// <returns>[prompts][latents]: Σ a_j · (W_dec[j] · g) over edited tokens. Times (factor − 1) it is the estimated change; ablation's is its negative</returns>
    public float[][] FirstOrder(Sae sae, CancellationToken cancel = default)
    {
        var effects = prompts.Select(_ => new float[sae.Width]).ToArray();
        var ids = prompts.Select(p => model.Encode(p.Text)).ToList();
        foreach (var batch in Batches.ByLength([.. ids.Zip(_answers, (p, a) => (int[])[.. p, .. a])], PromptsPerBatch, (int)Math.Max(1, LogitsAtOnce / model.Config.VocabSize)))
        {
            using var scope = NewDisposeScope();
            var tokens = TokenBatch.WithAnswers([.. batch.Select(i => ids[i])], [.. batch.Select(i => _answers[i])]);
            using var run = model.Gradients(tokens, sae.Config.Hook, Metric.AnswerLogOdds, cancellation: cancel);
            var places = Decided(tokens);
            Tensor At(Tensor x) => x.flatten(0, 1).index_select(0, tensor([.. places.Select(p => p.Place)], device: x.device)).to(float32); // [places, d_model]
            foreach (var (place, latent, change) in Changes(sae, At(run.Activation(sae.Config.Hook)), At(run.Gradient(sae.Config.Hook)))) effects[batch[places[place].Row]][latent] += change;
        }
        return effects;
    }

    /// <summary>Exactly: the edited residual stream runs through the layers above. Prompts on which a latent is silent cost nothing.</summary>
    /// <param name="sae">the SAE</param>
    /// <param name="interventions">which latents by which factors</param>
    /// <param name="progress">told how many prompts are done</param>
    /// <param name="cancel">looked at before every block</param>
    /// <returns>[interventions][prompts]</returns>
    public float[][] Exact(Sae sae, IReadOnlyList<Intervention> interventions, IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        var effects = interventions.Select(_ => new float[prompts.Count]).ToArray();
        if (interventions.Count == 0) return effects;
        var done = 0;
        ForEachBatch(sae, cancel, (batch, pass) =>
        {
            using var scope = NewDisposeScope();
            var residual = pass.Residual(sae.Config.Hook.Layer);
            int[] latents = [.. interventions.Select(i => i.Latent).Distinct()];
            var written = Written(sae, residual, latents, pass); // [latents, batch, columns]
            var acts = written.ne(zeros_like(written)).any(2).cpu().data<bool>().ToArray();
            var cases = (from i in interventions.Index()
                         let latent = Array.IndexOf(latents, i.Item.Latent)
                         from row in Enumerable.Range(0, pass.Rows)
                         where i.Item.Factor != 1 && acts[latent * pass.Rows + row]
                         select new Case(i.Index, latent, row, (float)(i.Item.Factor - 1))).ToList();
            foreach (var chunk in cases.Chunk(pass.RowsAtOnce)) Run(sae, pass, residual, written, latents, chunk, batch, effects, cancel);
            progress?.Report(done += batch.Length);
        });
        return effects;
    }

    /// <summary>The places, in [batch · pos], where a token of an answer is decided, or the first alone.</summary>
    private List<(int Row, long Place)> Decided(TokenBatch tokens) => [.. from row in Enumerable.Range(0, tokens.Prompts.Count)
        from at in Enumerable.Range(tokens.PromptLength(row) - 1, everyStep ? tokens.Prompts[row].Count - tokens.PromptLength(row) : 1)
        select (row, (long)row * tokens.Width + tokens.Start(row) + at)];

    /// <summary>a_j · (W_dec[j] · g) of the active latents of each place.</summary>
    private static IEnumerable<(int Place, int Latent, float Change)> Changes(Sae sae, Tensor activation, Tensor gradient)
    {
        using var latents = sae.Encode(activation);
        if (latents.Scale is { } scale) gradient = gradient * scale;
        var slopes = gradient.matmul(sae.Decoder.t()); // [places, latents]
        using var owners = latents.TokenOfEach();
        var (ids, places) = (latents.Ids.cpu().data<long>().ToArray(), owners.cpu().data<long>().ToArray());
        var own = slopes.view(-1).index_select(0, tensor([.. places.Zip(ids, (place, latent) => place * sae.Width + latent)], device: slopes.device));
        return [.. (own * latents.Values).cpu().data<float>().ToArray().Select((change, e) => ((int)places[e], (int)ids[e], change))];
    }

    private static void Run(Sae sae, ReferencePass pass, Tensor residual, Tensor written, int[] latents, Case[] cases, int[] batch, float[][] effects, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        Tensor Index(IEnumerable<int> indices) => tensor([.. indices.Select(i => (long)i)], device: residual.device);
        var rows = Index(cases.Select(c => c.Row));
        var factors = tensor([.. cases.Select(c => c.Factor)], [cases.Length, 1], device: residual.device);
        var moves = written.flatten(0, 1).index_select(0, Index(cases.Select(c => c.Latent * pass.Rows + c.Row))) * factors; // [cases, columns]
        var directions = sae.Decoder.index_select(0, Index(cases.Select(c => latents[c.Latent]))); // [cases, d_model]
        var edited = residual.index_select(0, rows).Plus((moves.unsqueeze(2) * directions.unsqueeze(1)).to(residual.dtype));
        var after = pass.Resume(sae.Config.Hook.Layer, [.. cases.Select(c => c.Row)], edited, cancel);
        foreach (var (c, logProb) in cases.Zip(after)) effects[c.Intervention][batch[c.Row]] = logProb - pass.LogProbs[c.Row];
    }

    /// <summary>[latents, batch, columns]: what each latent writes, in units of its direction, where edits act.</summary>
    private static Tensor Written(Sae sae, Tensor residual, int[] latents, ReferencePass pass)
    {
        using var encoded = sae.Encode(residual);
        var active = encoded.Of(latents); // [batch · columns, latents]
        if (encoded.Scale is { } scale) active = active * scale;
        return active.t().reshape(latents.Length, pass.Rows, pass.Columns) * pass.Edited.to(float32);
    }

    private void ForEachBatch(Sae sae, CancellationToken cancel, Action<int[], ReferencePass> work)
    {
        foreach (var batch in Batches.ByLength(_answers, PromptsPerBatch))
        {
            using var pass = new ReferencePass(model, [.. batch.Select(i => prompts[i])], [sae.Config.Hook.Layer], everyStep, cancel);
            work(batch, pass);
        }
    }

    private readonly record struct Case(int Intervention, int Latent, int Row, float Factor);
}
