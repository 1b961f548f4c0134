using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Tasks;
using SaeNotebooks.Translation.Discovery;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Switch;

/// <summary>
/// Raises latents at the last prompt token to what is usual on translations into a language: a′ = max(a, factor · m), with m the latent's mean
/// on translation prompts into it.
/// </summary>
internal static class Raising
{
    /// <param name="model">the model</param>
    /// <param name="sae">whose latents are raised</param>
    /// <param name="statistics">of its latents</param>
    /// <param name="prompts">each with the language to translate into</param>
    /// <param name="latents">which latents</param>
    /// <param name="factor">times the mean</param>
    /// <param name="cancel">looked at before every batch</param>
    /// <returns>[prompts, latents] float32: a′ − a; the caller owns it</returns>
    public static Tensor Moves(HookedTransformer model, Sae sae, PromptEndStatistics statistics, IReadOnlyList<(Document Prompt, Language Target)> prompts,
        IReadOnlyList<int> latents, double factor, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        using var residuals = TokenRows.Last(model, [.. prompts.Select(p => model.Encode(p.Prompt.Prompt))], [sae.Config.Hook], cancel);
        using var sparse = sae.Encode(residuals[0]);
        var active = sparse.ToDense().index_select(1, tensor([.. latents.Select(j => (long)j)], device: residuals.device)); // [prompts, latents]
        var usual = tensor([.. prompts.SelectMany(p => latents.Select(j => (float)factor * statistics.Mean(j, p.Target)))], [prompts.Count, latents.Count], device: residuals.device);
        return (maximum(active, usual) - active).MoveToOuterDisposeScope();
    }

    /// <summary>[prompts, d_model]: what these moves write; the caller owns it.</summary>
    /// <param name="sae">whose latents are moved</param>
    /// <param name="moves">[prompts, latents]</param>
    /// <param name="latents">which latents</param>
    public static Tensor Written(Sae sae, Tensor moves, IReadOnlyList<int> latents)
    {
        using var scope = NewDisposeScope();
        return moves.matmul(sae.Decoder.index_select(0, tensor([.. latents.Select(j => (long)j)], device: sae.Decoder.device))).MoveToOuterDisposeScope();
    }
}
