using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;
using SaeNotebooks.Steering;

namespace SaeNotebooks.Translation.Causal;

/// <summary>One latent multiplied where a new token is decided: a′ = factor · a, so that a silent latent stays silent (Wu et al. 2026).</summary>
/// <param name="Latent">which</param>
/// <param name="Factor">0 ablates, more than 1 amplifies</param>
public readonly record struct Intervention(int Latent, double Factor)
{
    /// <summary>The same as an edit of generations: at the last prompt token and at each generated one, or at the last prompt token alone.</summary>
    public Edit Edit(Sae sae, bool everyStep) => Steer.Multiply(sae, Latent, Factor, everyStep ? Positions.LastAndGenerated : Positions.Last);
}
