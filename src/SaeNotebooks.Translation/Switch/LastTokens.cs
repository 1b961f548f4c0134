using SaeNotebooks.Hooks;
using SaeNotebooks.Runtime;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Switch;

/// <summary>An edit that treats each prompt in its own way.</summary>
internal static class LastTokens
{
    /// <summary>Adds to each prompt a vector of its own.</summary>
    /// <param name="hook">where</param>
    /// <param name="deltas">[prompts, d_model]; must live as long as the edit is in use</param>
    /// <param name="positions">one position per prompt</param>
    public static Edit Add(HookName hook, Tensor deltas, Positions positions) => Edit.Custom(hook, (activation, context) =>
    {
        var rows = deltas.index_select(0, tensor([.. context.Prompts.Select(p => (long)p)], device: deltas.device)); // [batch, d_model]
        return activation.Plus(rows.unsqueeze(1).to(activation.dtype));
    }, positions);
}
