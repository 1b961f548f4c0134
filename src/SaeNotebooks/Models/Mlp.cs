using SaeNotebooks.Hooks;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>The neurons of a block.</summary>
/// <param name="Layer">the block that it belongs to</param>
/// <param name="In">reads the normalised residual stream</param>
/// <param name="Out">writes back to the residual stream</param>
/// <param name="Activation">the non-linearity</param>
internal abstract record Mlp(int Layer, Linear In, Linear Out, Func<Tensor, Tensor> Activation)
{
    /// <summary>The hooks that fire in here.</summary>
    public virtual IEnumerable<HookName> Hooks => [Hook.MlpIn(Layer), Hook.MlpPre(Layer), Hook.MlpPost(Layer)];

    /// <param name="x">[batch, pos, d_model]</param>
    /// <param name="pass">the run whose hooks fire</param>
    /// <returns>[batch, pos, d_model]</returns>
    public Tensor Forward(Tensor x, ForwardPass pass) => Write(pass.At(Hook.MlpIn(Layer), x), pass);

    /// <summary>The formula.</summary>
    /// <param name="x">[batch, pos, d_model], after <c>mlp.hook_in</c> has fired</param>
    /// <param name="pass">the run whose hooks fire</param>
    /// <returns>[batch, pos, d_model]</returns>
    protected abstract Tensor Write(Tensor x, ForwardPass pass);
}
