using SaeNotebooks.Hooks;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>y = gain · x / √(mean(x²) + ε), the quotient computed in float32 (Zhang and Sennrich 2019).</summary>
internal sealed record RmsNorm(Tensor Gain, double Epsilon, HookName ScaleHook, HookName NormalizedHook) : INorm
{
    public Tensor Forward(Tensor x, ForwardPass pass)
    {
        var wide = x.to(ScalarType.Float32); // [batch, pos, d_model]
        var scale = pass.At(ScaleHook, wide.square().mean([-1], keepdim: true).add_(Epsilon).sqrt_()); // [batch, pos, 1]
        var normalized = pass.At(NormalizedHook, (wide / scale).to(x.dtype));
        return normalized * Gain;
    }

    /// <summary>With the scale of another pass: the norm as the linear map that it was there.</summary>
    public Tensor Frozen(Tensor x, Tensor scale) => x.to(ScalarType.Float32) / scale * Gain.to(ScalarType.Float32);
}
