using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>y = gain · (x − mean(x)) / √(var(x) + ε) + bias   (Ba et al. 2016)</summary>
internal sealed record LayerNorm(Tensor? Gain, Tensor? Bias, double Epsilon, NormHooks At) : Norm(Gain, Bias, Epsilon, At)
{
    protected override Tensor Centre(Tensor x) => x - x.mean([-1], keepdim: true);

    protected override Tensor? Fused(Tensor x) => x.dtype == ScalarType.Float64 ? null
        : nn.functional.layer_norm(x, [x.size(-1)], Gain!, Bias!, Epsilon);
}
