using SaeNotebooks.Hooks;
using SaeNotebooks.Runtime;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>x ← x + attention(norm₁(x)) + mlp(norm₂(x)): both read the same residual stream, so there is none between them (GPT-J,
/// GPT-NeoX).</summary>
internal sealed record ParallelBlock(int Layer, Norm Norm1, Attention Attention, Norm Norm2, Mlp Mlp) : Block(Layer, Norm1, Attention, Norm2, Mlp)
{
    public override Tensor Forward(Tensor x, ForwardPass pass)
    {
        var attnOut = pass.At(Hook.AttnOut(Layer), Attention.Forward(Norm1.Forward(x, pass), pass));
        var mlpOut = pass.At(Hook.MlpOut(Layer), Mlp.Forward(Norm2.Forward(x, pass), pass));
        return pass.At(Hook.ResidPost(Layer), mlpOut.Plus(attnOut).Plus(x)); // in the order of the reference, which matters in bfloat16
    }
}
