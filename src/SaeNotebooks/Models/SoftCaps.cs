using SaeNotebooks.Runtime;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>Bounds a value smoothly: cap · tanh(x / cap)   (Gemma Team 2024).</summary>
internal static class SoftCaps
{
    /// <param name="x">any shape; float32, so that large values keep their order</param>
    /// <param name="cap">the bound, positive</param>
    public static Tensor Apply(Tensor x, double cap) => x.Times(1 / cap).tanh_().Times(cap);
}
