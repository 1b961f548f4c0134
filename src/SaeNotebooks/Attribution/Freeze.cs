using SaeNotebooks.Hooks;
using SaeNotebooks.Models;

namespace SaeNotebooks.Attribution;

/// <summary>What counts as constant while a gradient is taken, so that it sees fewer ways from one place to another.</summary>
public enum Frozen
{
    /// <summary>Nothing: the gradient of the model as it is.</summary>
    Nothing,

    /// <summary>Attention patterns: what is moved counts, where it is moved to does not.</summary>
    Attention,

    /// <summary>Attention patterns and what norms divide by, so that all but the MLPs' neurons is linear (as in Anthropic's attribution graphs, there
    /// with transcoders in the place of the neurons).</summary>
    AttentionAndNorms,
}

/// <summary>Edits that change nothing but let no gradient through.</summary>
public static class Freeze
{
    /// <summary>The edits that hold a part of a model constant.</summary>
    /// <param name="model">the model</param>
    /// <param name="frozen">the part</param>
    public static Edits Of(HookedTransformer model, Frozen frozen) =>
        model.Hooks.Where(hook => IsFrozen(hook.Point, frozen)).Select(hook => Edit.Custom(hook, (x, _) => x.detach())).ToList();

    private static bool IsFrozen(HookPoint point, Frozen frozen) => point switch
    {
        HookPoint.Pattern => frozen != Frozen.Nothing,
        HookPoint.Ln1Scale or HookPoint.Ln2Scale or HookPoint.Ln1PostScale or HookPoint.Ln2PostScale or HookPoint.QNormScale or HookPoint.KNormScale
            or HookPoint.LnFinalScale => frozen == Frozen.AttentionAndNorms,
        _ => false,
    };
}
