using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>Bounds a value smoothly: cap · tanh(x / cap)   (Gemma Team 2024).</summary>
internal static class SoftCaps
{
    /// <param name="x">any shape</param>
    /// <param name="cap">the bound, positive</param>
    /// <returns>in the dtype of <paramref name="x"/></returns>
    public static Tensor Apply(Tensor x, double cap)
    {
        using var bound = tensor(cap);
        return (x / bound).tanh_() * bound; // not in place: the derivative of tanh is computed from its result
    }
}
