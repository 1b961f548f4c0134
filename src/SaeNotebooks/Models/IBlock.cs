using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>One layer of a decoder.</summary>
internal interface IBlock
{
    /// <param name="x">[batch, pos, d_model], the residual stream after <c>hook_resid_pre</c> has fired</param>
    /// <param name="pass">the run whose hooks fire</param>
    /// <returns>[batch, pos, d_model], the residual stream after <c>hook_resid_post</c> has fired</returns>
    Tensor Forward(Tensor x, ForwardPass pass);
}
