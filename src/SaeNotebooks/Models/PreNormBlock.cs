using SaeNotebooks.Hooks;
using SaeNotebooks.Runtime;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>x ← x + attention(norm₁(x)); x ← x + mlp(norm₂(x))</summary>
internal sealed record PreNormBlock(int Layer, Norm Norm1, Attention Attention, Norm Norm2, Mlp Mlp) : Block(Layer, Norm1, Attention, Norm2, Mlp)
{
    public override IEnumerable<HookName> Hooks => [.. base.Hooks, Hook.ResidMid(Layer)];

    public override Tensor Forward(Tensor x, ForwardPass pass)
    {
        var attnOut = pass.At(Hook.AttnOut(Layer), Attention.Forward(Norm1.Forward(x, pass), pass));
        var mid = pass.At(Hook.ResidMid(Layer), x.Plus(attnOut));
        var mlpOut = pass.At(Hook.MlpOut(Layer), Mlp.Forward(Norm2.Forward(mid, pass), pass));
        return pass.At(Hook.ResidPost(Layer), mid.Plus(mlpOut));
    }
}
