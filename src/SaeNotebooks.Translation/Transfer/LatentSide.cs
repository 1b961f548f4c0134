using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using SaeNotebooks.Translation.Discovery;

namespace SaeNotebooks.Translation.Transfer;

/// <summary>A model and SAEs of its residual stream, whose latents are looked at. Owns neither.</summary>
/// <param name="Name">the model's short name</param>
/// <param name="Model">a model with a tokenizer, any width</param>
/// <param name="Saes">of width d_model</param>
public sealed record LatentSide(string Name, HookedTransformer Model, SaeSource Saes)
{
    /// <summary>Works with the SAE after a layer.</summary>
    /// <exception cref="ArgumentException">there is none, or it reads no activation of the model's width</exception>
    internal T Use<T>(int layer, Func<Sae, T> work) => !Saes.Hooks.Contains(Hook.ResidPost(layer))
        ? throw new ArgumentException($"There is no SAE of '{Name}' after layer {layer}; there are some after {string.Join(", ", Saes.Hooks.Select(h => h.Layer))}.")
        : Saes.Use(Hook.ResidPost(layer), sae => sae.InputWidth == Model.Config.DModel ? work(sae) : throw new ArgumentException(
            $"The SAE after layer {layer} reads {sae.InputWidth} numbers and the residual stream of '{Name}' has {Model.Config.DModel}; an SAE of this model is needed."));

    /// <exception cref="ArgumentException">there are none, or one does not exist</exception>
    internal void Require(IReadOnlyList<LatentId> latents)
    {
        if (latents.Count == 0) throw new ArgumentException("There are no latents to carry over.", nameof(latents));
        foreach (var layer in latents.GroupBy(l => l.Layer, l => l.Latent))
            if (Use(layer.Key, sae => layer.Where(l => l < 0 || l >= sae.Width).Select(l => $"There is no latent {l}; the {sae.Width} latents after layer {layer.Key} are counted from 0.").FirstOrDefault()) is { } wrong)
                throw new ArgumentException(wrong, nameof(latents));
    }
}
