using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;

namespace SaeNotebooks.Steering;

/// <summary>
/// Steering by SAE latents and by directions. An activation h is the sum of what its latents write, the decoder's bias, and an error term
/// that the SAE does not explain; these edits change the latents, and keep the rest unless <see cref="ErrorTerm.Dropped"/> is asked for.
/// Since decoding is linear, that is h + Σ_j (a′_j − a_j) · W_dec[j], and no reconstruction is computed. Directions are steered by the same
/// rules, with a = h · d / ‖d‖².
/// </summary>
/// <remarks>
/// What tools leave unsaid is said here: <see cref="Positions"/> names the tokens, and BOS is left alone by default;
/// <see cref="Coefficient"/> says what a strength is relative to; <see cref="ErrorTerm"/> says what becomes of the unexplained part; and
/// while generating, an edit applies in the prompt's pass and in every decode step at the tokens that its positions select, whose keys
/// and values stay edited in the cache (<see cref="Generation.Decoding"/>).
/// <para>Several latents in one edit are read off the same activation, as are the parts of <see cref="Together"/>. Edits in a list are made one
/// after the other, and each reads what the ones before it have written. SAE and vectors must stay alive while an edit is in use.</para>
/// </remarks>
public static partial class Steer
{
    /// <summary>a′ = <paramref name="by"/> · a: amplifies a latent where it is active and leaves it silent where it is not.</summary>
    /// <param name="sae">the SAE, at whose hook the edit is made</param>
    /// <param name="latent">which latent</param>
    /// <param name="by">1 changes nothing, 0 ablates</param>
    /// <param name="positions">by default every token but BOS</param>
    /// <param name="error">what becomes of what the SAE does not explain</param>
    /// <exception cref="ArgumentOutOfRangeException">the SAE has no such latent</exception>
    /// <exception cref="ArgumentException">the SAE is a transcoder</exception>
    public static SteeringEdit Multiply(Sae sae, int latent, Dose by, Positions? positions = null, ErrorTerm error = ErrorTerm.Kept) =>
        Multiply(sae, [latent], by, positions, error);

    /// <summary>a′ = <paramref name="by"/> · a for several latents at once.</summary>
    /// <inheritdoc cref="Multiply(Sae, int, Dose, Positions?, ErrorTerm)"/>
    public static SteeringEdit Multiply(Sae sae, IReadOnlyList<int> latents, Dose by, Positions? positions = null, ErrorTerm error = ErrorTerm.Kept) =>
        new(new LatentTarget(sae, latents, error), SteeringRule.Multiply, [by], positions);

    /// <summary>a′ = 0: takes out what a latent writes.</summary>
    /// <inheritdoc cref="Multiply(Sae, int, Dose, Positions?, ErrorTerm)"/>
    public static SteeringEdit Ablate(Sae sae, int latent, Positions? positions = null, ErrorTerm error = ErrorTerm.Kept) =>
        Multiply(sae, [latent], 0, positions, error);

    /// <summary>a′ = 0 for several latents at once.</summary>
    /// <inheritdoc cref="Multiply(Sae, int, Dose, Positions?, ErrorTerm)"/>
    public static SteeringEdit Ablate(Sae sae, IReadOnlyList<int> latents, Positions? positions = null, ErrorTerm error = ErrorTerm.Kept) =>
        Multiply(sae, latents, 0, positions, error);

    /// <summary>a′ = a + <paramref name="amount"/>, whether or not the latent is active.</summary>
    /// <param name="sae">the SAE, at whose hook the edit is made</param>
    /// <param name="latent">which latent</param>
    /// <param name="amount">how much; a plain number is in units of the latent's activation</param>
    /// <param name="positions">by default every token but BOS</param>
    /// <param name="error">what becomes of what the SAE does not explain</param>
    /// <exception cref="ArgumentOutOfRangeException">the SAE has no such latent</exception>
    /// <exception cref="ArgumentException">the SAE is a transcoder</exception>
    public static SteeringEdit Add(Sae sae, int latent, Coefficient amount, Positions? positions = null, ErrorTerm error = ErrorTerm.Kept) =>
        Add(sae, [(latent, amount)], positions, error);

    /// <summary>a′ = a + amount for several latents, each with its own amount.</summary>
    /// <inheritdoc cref="Add(Sae, int, Coefficient, Positions?, ErrorTerm)"/>
    public static SteeringEdit Add(Sae sae, IReadOnlyList<(int Latent, Coefficient Amount)> amounts, Positions? positions = null,
        ErrorTerm error = ErrorTerm.Kept) => Each(SteeringRule.Add, sae, amounts, positions, error);

    /// <summary>a′ = <paramref name="value"/>, whatever it was: clamping.</summary>
    /// <param name="sae">the SAE, at whose hook the edit is made</param>
    /// <param name="latent">which latent</param>
    /// <param name="value">the new activation</param>
    /// <param name="positions">by default every token but BOS</param>
    /// <param name="error">what becomes of what the SAE does not explain</param>
    /// <exception cref="ArgumentOutOfRangeException">the SAE has no such latent</exception>
    /// <exception cref="ArgumentException">the SAE is a transcoder</exception>
    public static SteeringEdit Clamp(Sae sae, int latent, Coefficient value, Positions? positions = null, ErrorTerm error = ErrorTerm.Kept) =>
        Clamp(sae, [(latent, value)], positions, error);

    /// <summary>a′ = value for several latents, each with its own value.</summary>
    /// <inheritdoc cref="Clamp(Sae, int, Coefficient, Positions?, ErrorTerm)"/>
    public static SteeringEdit Clamp(Sae sae, IReadOnlyList<(int Latent, Coefficient Value)> values, Positions? positions = null,
        ErrorTerm error = ErrorTerm.Kept) => Each(SteeringRule.Clamp, sae, values, positions, error);

    /// <summary>a′ = max(a, <paramref name="value"/>): minimum clamping, which leaves a latent alone where it is stronger already.</summary>
    /// <inheritdoc cref="Clamp(Sae, int, Coefficient, Positions?, ErrorTerm)"/>
    public static SteeringEdit AtLeast(Sae sae, int latent, Coefficient value, Positions? positions = null, ErrorTerm error = ErrorTerm.Kept) =>
        AtLeast(sae, [(latent, value)], positions, error);

    /// <summary>a′ = max(a, value) for several latents, each with its own value.</summary>
    /// <inheritdoc cref="Clamp(Sae, int, Coefficient, Positions?, ErrorTerm)"/>
    public static SteeringEdit AtLeast(Sae sae, IReadOnlyList<(int Latent, Coefficient Value)> values, Positions? positions = null,
        ErrorTerm error = ErrorTerm.Kept) => Each(SteeringRule.AtLeast, sae, values, positions, error);

    /// <summary>a′ = min(a, <paramref name="value"/>): a cap on a latent.</summary>
    /// <inheritdoc cref="Clamp(Sae, int, Coefficient, Positions?, ErrorTerm)"/>
    public static SteeringEdit AtMost(Sae sae, int latent, Coefficient value, Positions? positions = null, ErrorTerm error = ErrorTerm.Kept) =>
        AtMost(sae, [(latent, value)], positions, error);

    /// <summary>a′ = min(a, value) for several latents, each with its own value.</summary>
    /// <inheritdoc cref="Clamp(Sae, int, Coefficient, Positions?, ErrorTerm)"/>
    public static SteeringEdit AtMost(Sae sae, IReadOnlyList<(int Latent, Coefficient Value)> values, Positions? positions = null,
        ErrorTerm error = ErrorTerm.Kept) => Each(SteeringRule.AtMost, sae, values, positions, error);

    private static SteeringEdit Each(SteeringRule rule, Sae sae, IReadOnlyList<(int Latent, Coefficient Amount)> amounts, Positions? positions, ErrorTerm error) =>
        new(new LatentTarget(sae, [.. amounts.Select(a => a.Latent)], error), rule, [.. amounts.Select(a => a.Amount)], positions);
}
