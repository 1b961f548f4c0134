using System.Globalization;
using SaeNotebooks.Features;
using SaeNotebooks.Hooks;
using SaeNotebooks.Runtime;
using static TorchSharp.torch;

namespace SaeNotebooks.Steering;

/// <summary>
/// How strongly to steer, and what that is relative to, which tools differ on silently: the same "10" is a nudge in one and a blow in
/// another. A plain number is absolute.
/// </summary>
public sealed record Coefficient
{
    private readonly Dose _dose;
    private readonly double? _max;
    private readonly bool _ofNorm;

    private Coefficient(Dose dose, double? max = null, bool ofNorm = false) => (_dose, _max, _ofNorm) = (dose, max, ofNorm);

    /// <summary>In units of the latent's activation, so that 1 writes its decoder row once; for a direction, in units of the vector as it is given
    /// (SAELens's tutorial, Neuronpedia's <c>SIMPLE_ADDITIVE</c>).</summary>
    public static Coefficient Absolute(Dose dose) => new(dose);

    /// <summary>In units of the norm of the token's own activation: 0.3 writes a vector that is 0.3 times as long as the activation, whatever the
    /// length of the decoder row or of the vector (Gemma Scope 2's notebook).</summary>
    public static Coefficient OfNorm(Dose dose) => new(dose, ofNorm: true);

    /// <summary>In units of the largest activation that the latent has been seen to have (AxBench, Anthropic's clamping).</summary>
    /// <param name="dose">1 is that maximum</param>
    /// <param name="max">the maximum, measured over a corpus, for example from the statistics of a feature index</param>
    /// <exception cref="ArgumentOutOfRangeException">the maximum is not a positive number, as that of a latent that never fires</exception>
    public static Coefficient OfMax(Dose dose, double max) => max > 0 && double.IsFinite(max) ? new(dose, max)
        : throw new ArgumentOutOfRangeException(nameof(max), max, "The largest activation of a latent must be a positive number; one that never fires has none, so steer it by an absolute coefficient.");

    /// <summary>In units of the largest activation that an index has seen, <c>index.Statistics(latent)</c>.</summary>
    /// <param name="dose">1 is that maximum</param>
    /// <param name="latent">of the latent that is steered</param>
    /// <exception cref="ArgumentException">it fires nowhere in that corpus</exception>
    public static Coefficient OfMax(Dose dose, LatentStatistics latent) => !latent.NeverFires ? OfMax(dose, latent.Max)
        : throw new ArgumentException($"Latent {latent.Latent} fires nowhere in the index's corpus, so it has no largest activation there; steer it by an absolute coefficient.", nameof(latent));

    /// <summary>A plain number is absolute.</summary>
    public static implicit operator Coefficient(double number) => Absolute(number);

    /// <summary>A plain dose is absolute.</summary>
    public static implicit operator Coefficient(Dose dose) => Absolute(dose);

    /// <inheritdoc/>
    public override string ToString() => _ofNorm ? $"{_dose} × the activation's norm"
        : _max is { } max ? $"{_dose} × the maximum of {max.ToString("G4", CultureInfo.InvariantCulture)}" : _dose.ToString();

    /// <summary>The coefficient in units of the latent's activation, or of the vector.</summary>
    /// <param name="x">[batch, pos, d]: what is edited</param>
    /// <param name="length">[1 or batch, 1 or pos, 1]: the norm of what a coefficient of 1 writes</param>
    /// <param name="context">which tokens these are</param>
    /// <returns>[1 or batch, 1 or pos, 1]; the caller's scope owns it</returns>
    internal Tensor In(Tensor x, Tensor length, EditContext context)
    {
        var dose = _dose.Of(context, x);
        if (_ofNorm) return dose * x.norm(-1, keepdim: true) / length;
        return _max is { } max ? dose.Times(max) : dose;
    }
}
