using SaeNotebooks.Hooks;
using SaeNotebooks.Runtime;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>x ← x + post₁(attention(norm₁(x))); x ← x + post₂(mlp(norm₂(x))): norms on both sides (Gemma 2 and 3). What
/// <c>hook_attn_out</c> and <c>hook_mlp_out</c> give is what is added, after the second norm.</summary>
internal sealed record SandwichBlock(int Layer, Norm Norm1, Attention Attention, Norm PostNorm1, Norm Norm2, Mlp Mlp, Norm PostNorm2)
    : Block(Layer, Norm1, Attention, Norm2, Mlp)
{
    public override IEnumerable<HookName> Hooks => [.. base.Hooks, .. PostNorm1.Hooks, Hook.ResidMid(Layer), .. PostNorm2.Hooks];

    public override Tensor Forward(Tensor x, ForwardPass pass)
    {
        var attnOut = pass.At(Hook.AttnOut(Layer), PostNorm1.Forward(Attention.Forward(Norm1.Forward(x, pass), pass), pass));
        var mid = pass.At(Hook.ResidMid(Layer), x.Plus(attnOut));
        var mlpOut = pass.At(Hook.MlpOut(Layer), PostNorm2.Forward(Mlp.Forward(Norm2.Forward(mid, pass), pass), pass));
        return pass.At(Hook.ResidPost(Layer), mid.Plus(mlpOut));
    }
}
