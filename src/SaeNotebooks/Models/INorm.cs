using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>A normalisation of the residual stream.</summary>
internal interface INorm
{
    /// <param name="x">[batch, pos, d_model]</param>
    /// <param name="pass">the run whose hooks fire</param>
    /// <returns>[batch, pos, d_model], in the dtype of <paramref name="x"/></returns>
    Tensor Forward(Tensor x, ForwardPass pass);

    /// <summary>What the norm divides by.</summary>
    /// <param name="x">[…, d_model]</param>
    /// <returns>[…, 1], float32</returns>
    Tensor Scale(Tensor x);

    /// <summary>Applies the norm with the scale that it had in a run, so that it is linear in <paramref name="x"/>.</summary>
    /// <param name="x">[…, d_model]</param>
    /// <param name="scale">[…, 1], captured at the norm's <c>hook_scale</c></param>
    /// <returns>[…, d_model], float32</returns>
    Tensor Frozen(Tensor x, Tensor scale);
}
