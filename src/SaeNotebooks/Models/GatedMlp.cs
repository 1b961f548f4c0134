using SaeNotebooks.Hooks;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>W_down (act(W_gate x) ∘ W_up x)   (Shazeer 2020)</summary>
/// <param name="Layer">the block that it belongs to</param>
/// <param name="GateAndUp">W_gate above W_up, one product instead of two</param>
/// <param name="Down">back to the residual stream</param>
/// <param name="Activation">applied to the gate</param>
internal sealed record GatedMlp(int Layer, Linear GateAndUp, Linear Down, Func<Tensor, Tensor> Activation)
{
    /// <param name="x">[batch, pos, d_model]</param>
    /// <param name="pass">the run whose hooks fire</param>
    /// <returns>[batch, pos, d_model]</returns>
    public Tensor Forward(Tensor x, ForwardPass pass)
    {
        var both = GateAndUp.Forward(x); // [batch, pos, 2 d_mlp]
        var dMlp = both.shape[^1] / 2;
        var pre = pass.At(Hook.MlpPre(Layer), both.narrow(-1, 0, dMlp));
        var linear = pass.At(Hook.MlpPreLinear(Layer), both.narrow(-1, dMlp, dMlp));
        var post = pass.At(Hook.MlpPost(Layer), Activation(pre) * linear); // [batch, pos, d_mlp]
        return Down.Forward(post);
    }
}
