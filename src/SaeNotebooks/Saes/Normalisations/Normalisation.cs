using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Normalisations;

/// <summary>A change of every token's activation before encoding, which is undone after decoding.</summary>
public abstract record Normalisation
{
    /// <summary>SAELens's name of it.</summary>
    public abstract string Name { get; }

    /// <summary>Normalises tokens; the tensors belong to the caller's scope.</summary>
    /// <param name="rows">[tokens, d_in] float32</param>
    internal abstract Normalised Apply(Tensor rows);
}

/// <summary>Normalised tokens, and what brings a reconstruction y back: y · <paramref name="Scale"/> + <paramref name="Shift"/>.</summary>
/// <param name="Rows">[tokens, d_in] float32</param>
/// <param name="Scale">[tokens, 1] float32</param>
/// <param name="Shift">[tokens, 1] float32, or null for none</param>
internal sealed record Normalised(Tensor Rows, Tensor Scale, Tensor? Shift);
