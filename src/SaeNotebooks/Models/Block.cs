using SaeNotebooks.Hooks;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>One layer of a decoder: attention and MLP, each behind a norm. Kinds differ in how the parts are joined.</summary>
/// <param name="Layer">counted from 0</param>
/// <param name="Norm1">before attention</param>
/// <param name="Attention">attention</param>
/// <param name="Norm2">before the MLP</param>
/// <param name="Mlp">the MLP</param>
internal abstract record Block(int Layer, Norm Norm1, Attention Attention, Norm Norm2, Mlp Mlp)
{
    /// <summary>The hooks that fire in here.</summary>
    public virtual IEnumerable<HookName> Hooks =>
    [
        Hook.ResidPre(Layer), .. Norm1.Hooks, .. Attention.Hooks, Hook.AttnOut(Layer),
        .. Norm2.Hooks, .. Mlp.Hooks, Hook.MlpOut(Layer), Hook.ResidPost(Layer),
    ];

    /// <param name="x">[batch, pos, d_model], the residual stream after <c>hook_resid_pre</c> has fired</param>
    /// <param name="pass">the run whose hooks fire</param>
    /// <returns>[batch, pos, d_model], the residual stream after <c>hook_resid_post</c> has fired</returns>
    public abstract Tensor Forward(Tensor x, ForwardPass pass);
}
