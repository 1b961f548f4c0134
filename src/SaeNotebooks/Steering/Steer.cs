using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;

namespace SaeNotebooks.Steering;

/// <summary>
/// Steering by SAE latents. An activation h is the sum of what its latents write, the decoder's bias, and an error term that the SAE
/// does not explain; these edits change the latents and keep the rest. Since decoding is linear, that is h + Σ_j (a′_j − a_j) · W_dec[j],
/// and no reconstruction is computed.
/// </summary>
/// <remarks>
/// The edits act at the SAE's hook. Several latents in one edit are read off the same activation; two edits in a row are not the same
/// thing, for the second encodes what the first has written. The SAE must stay alive while an edit is in use.
/// </remarks>
public static class Steer
{
    /// <summary>a′ = <paramref name="by"/> · a: amplifies a latent where it is active and leaves it silent where it is not.</summary>
    /// <param name="sae">the SAE, at whose hook the edit is made</param>
    /// <param name="latent">which latent</param>
    /// <param name="by">1 changes nothing, 0 ablates</param>
    /// <param name="positions">by default every token but BOS</param>
    /// <exception cref="ArgumentOutOfRangeException">the SAE has no such latent</exception>
    public static Edit Multiply(Sae sae, int latent, double by, Positions? positions = null) => Multiply(sae, [latent], by, positions);

    /// <summary>a′ = <paramref name="by"/> · a for several latents at once.</summary>
    /// <inheritdoc cref="Multiply(Sae, int, double, Positions?)"/>
    public static Edit Multiply(Sae sae, IReadOnlyList<int> latents, double by, Positions? positions = null) =>
        new LatentScaleEdit(sae, latents, by, positions ?? Positions.AllButBos);

    /// <summary>a′ = 0: takes out what a latent writes.</summary>
    /// <inheritdoc cref="Multiply(Sae, int, double, Positions?)"/>
    public static Edit Ablate(Sae sae, int latent, Positions? positions = null) => Multiply(sae, [latent], 0, positions);

    /// <summary>a′ = 0 for several latents at once.</summary>
    /// <inheritdoc cref="Multiply(Sae, int, double, Positions?)"/>
    public static Edit Ablate(Sae sae, IReadOnlyList<int> latents, Positions? positions = null) => Multiply(sae, latents, 0, positions);

    /// <summary>a′ = a + <paramref name="amount"/>, whether or not the latent is active.</summary>
    /// <param name="sae">the SAE, at whose hook the edit is made</param>
    /// <param name="latent">which latent</param>
    /// <param name="amount">in units of the latent's activation</param>
    /// <param name="positions">by default every token but BOS</param>
    /// <exception cref="ArgumentOutOfRangeException">the SAE has no such latent</exception>
    public static Edit Add(Sae sae, int latent, double amount, Positions? positions = null) =>
        new LatentAddEdit(sae, [(latent, amount)], positions ?? Positions.AllButBos);

    /// <summary>a′ = a + amount for several latents, each with its own amount.</summary>
    /// <inheritdoc cref="Add(Sae, int, double, Positions?)"/>
    public static Edit Add(Sae sae, IReadOnlyList<(int Latent, double Amount)> amounts, Positions? positions = null) =>
        new LatentAddEdit(sae, amounts, positions ?? Positions.AllButBos);

    /// <summary>a′ = <paramref name="value"/>, whatever it was: clamping.</summary>
    /// <param name="sae">the SAE, at whose hook the edit is made</param>
    /// <param name="latent">which latent</param>
    /// <param name="value">the new activation</param>
    /// <param name="positions">by default every token but BOS</param>
    /// <exception cref="ArgumentOutOfRangeException">the SAE has no such latent</exception>
    public static Edit Clamp(Sae sae, int latent, double value, Positions? positions = null) =>
        new LatentClampEdit(sae, latent, value, positions ?? Positions.AllButBos);
}
