using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;

namespace SaeNotebooks.Translation.Selection;

/// <summary>Latents by which examples are scored.</summary>
/// <param name="Sae">an SAE at <c>hook_resid_post</c> of a layer</param>
/// <param name="Latents">its latents</param>
/// <param name="LayerBefore">read the residual stream of the layer before, as the authors' <c>hidden_states[layer]</c> does; off by default, since it
/// is an off-by-one</param>
public sealed record ScoringLatents(Sae Sae, IReadOnlyList<int> Latents, bool LayerBefore = false)
{
    /// <summary>Where the activation is read.</summary>
    /// <exception cref="ArgumentException">the SAE reads another hook, or a layer is before the first</exception>
    internal HookName Hook => Sae.Config.Hook is not { Point: HookPoint.ResidPost, Layer: { } layer }
        ? throw new ArgumentException($"Examples are scored at hook_resid_post of a layer, and this SAE reads {Sae.Config.Hook}.")
        : LayerBefore ? Hooks.Hook.ResidPre(layer) : Sae.Config.Hook;

    /// <summary>Refuses latents that the SAE does not have: their activations would be read as zeros.</summary>
    /// <exception cref="ArgumentException">there is such a one, or none at all</exception>
    internal void Check()
    {
        if (Latents.Count == 0) throw new ArgumentException("Examples are scored by latents, and none is named.");
        foreach (var latent in Latents)
            if (latent < 0 || latent >= Sae.Width) throw new ArgumentException($"There is no latent {latent} at {Sae.Config.Hook}; the SAE has latents 0 to {Sae.Width - 1}.");
    }
}
