using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Saes;

namespace SaeNotebooks.Translation.Transfer;

/// <summary>A model and one of its SAEs, whose latents are looked at. Owns neither.</summary>
/// <param name="Model">a model with a tokenizer, any width</param>
/// <param name="Sae">at a hook of it, of width d_model</param>
public sealed record LatentSide(HookedTransformer Model, Sae Sae)
{
    /// <exception cref="ArgumentException">the SAE reads no activation of the model's width</exception>
    internal HookName Hook => Sae.InputWidth == Model.Config.DModel ? Sae.Config.Hook
        : throw new ArgumentException($"The SAE reads {Sae.InputWidth} numbers and the model's stream has {Model.Config.DModel}; an SAE of this model's residual stream is needed.");
}

/// <summary>A latent of one model and the latent of another that fires most alike on the same prompts.</summary>
/// <param name="Latent">of the first model</param>
/// <param name="Match">of the second: the one with the largest correlation</param>
/// <param name="Correlation">Pearson's, of the two activations at the last prompt token, silence counted as 0; 0 where one of them never changes</param>
/// <param name="IsMutual">whether no other latent of the first model correlates better with the match</param>
/// <param name="Cosine">of the two decoder directions; null where the models' widths differ, and without meaning where their streams do not share a basis</param>
/// <param name="ByChance">largest correlation with any latent of the second model when its prompts are dealt out anew, the 95th of 100 times: what choosing
/// the best of many brings by itself</param>
public sealed record TransferredLatent(int Latent, int Match, double Correlation, bool IsMutual, double? Cosine, double ByChance)
{
    /// <summary>Whether the match is better than choosing among so many latents explains.</summary>
    public bool IsFound => Correlation > ByChance;
}
