using SaeNotebooks.Hooks;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>W_out (act(W_gate x) ∘ W_in x)   (Shazeer 2020); W_gate stands above W_in, one product instead of two.</summary>
internal sealed record GatedMlp(int Layer, Linear In, Linear Out, Func<Tensor, Tensor> Activation) : Mlp(Layer, In, Out, Activation)
{
    public override IEnumerable<HookName> Hooks => [.. base.Hooks, Hook.MlpPreLinear(Layer)];

    protected override Tensor Neurons(Tensor x, ForwardPass pass)
    {
        var both = In.AnyLayout(x); // [batch, pos, 2 d_mlp]
        var dMlp = both.size(-1) / 2;
        var pre = pass.At(Hook.MlpPre(Layer), both.narrow(-1, 0, dMlp));
        var linear = pass.At(Hook.MlpPreLinear(Layer), both.narrow(-1, dMlp, dMlp));
        return Out.Forward(pass.At(Hook.MlpPost(Layer), Activation(pre) * linear)); // [batch, pos, d_mlp] inside
    }
}
