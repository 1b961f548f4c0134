using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>y = gain · x / √(mean(x²) + ε)   (Zhang and Sennrich 2019)</summary>
internal sealed record RmsNorm(Tensor? Gain, double Epsilon, NormHooks At) : Norm(Gain, null, Epsilon, At)
{
    protected override Tensor Centre(Tensor x) => x;
}
