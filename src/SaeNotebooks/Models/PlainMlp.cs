using SaeNotebooks.Hooks;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>W_out act(W_in x)   (Vaswani et al. 2017)</summary>
internal sealed record PlainMlp(int Layer, Linear In, Linear Out, Func<Tensor, Tensor> Activation) : Mlp(Layer, In, Out, Activation)
{
    protected override Tensor Neurons(Tensor x, ForwardPass pass)
    {
        var pre = pass.At(Hook.MlpPre(Layer), In.AnyLayout(x)); // [batch, pos, d_mlp]
        return Out.Forward(pass.At(Hook.MlpPost(Layer), Activation(pre)));
    }
}
