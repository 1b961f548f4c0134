using SaeNotebooks.Hooks;
using SaeNotebooks.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>y = gain · x / √(mean(x²) + ε), the quotient computed in float32 (Zhang and Sennrich 2019).</summary>
internal sealed record RmsNorm(Tensor Gain, double Epsilon, HookName ScaleHook, HookName NormalizedHook) : INorm
{
    private readonly Scalar _epsilon = Epsilon; // a field: see Scalars

    public Tensor Forward(Tensor x, ForwardPass pass)
    {
        var wide = x.to(ScalarType.Float32); // [batch, pos, d_model]
        var scale = pass.At(ScaleHook, Scale(wide)); // [batch, pos, 1]
        var normalized = pass.At(NormalizedHook, (wide / scale).to(x.dtype));
        return normalized * Gain;
    }

    public Tensor Scale(Tensor x)
    {
        var wide = x.to(ScalarType.Float32);
        return (wide * wide).mean([-1], keepdim: true).add_(_epsilon, Scalars.One).sqrt_();
    }

    public Tensor Frozen(Tensor x, Tensor scale) => x.to(ScalarType.Float32) / scale * Gain.to(ScalarType.Float32);
}
