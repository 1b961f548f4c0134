using SaeNotebooks.Display;
using static TorchSharp.torch;

namespace SaeNotebooks.Hooks;

/// <summary>
/// A change made to one activation while the model runs: immutable, and reusable in any number of runs and generations.
/// Derive from it to make a new kind of edit; the machinery picks the positions, checks the shape and puts the result back.
/// </summary>
/// <param name="Hook">where the change is made</param>
/// <param name="Positions">at which tokens it is made; other tokens keep their activation bit for bit</param>
/// <remarks>
/// Edits at the same hook apply in the order of the list, and a capture at that hook sees the result. While generating, an edit
/// applies to the prompt and again to each new token that its <see cref="Positions"/> select; keys and values that were cached from
/// edited activations stay edited.
/// </remarks>
[TypeFormatterSource(typeof(FormatterSource))]
public abstract record Edit(HookName Hook, Positions Positions) : IDisplayable
{
    /// <summary>Computes the new activation. Must not change its argument in place, and needs no dispose scope of its own.</summary>
    /// <param name="activation">[batch, selected pos, …] at most hooks, [batch, n_heads, selected query pos, key pos] at attention
    /// matrices;
    /// the model's dtype and device. Columns where no token is selected are left out; where only some rows of a column are, the
    /// results of the others are thrown away.</param>
    /// <param name="context">which tokens these are</param>
    /// <returns>a tensor of the same shape, converted to the activation's dtype if it differs</returns>
    public abstract Tensor Apply(Tensor activation, EditContext context);

    /// <summary>Adds a vector: steering. The caller owns <paramref name="vector"/> and keeps it alive while the edit is in use.</summary>
    /// <param name="hook">where</param>
    /// <param name="vector">[d_model], or what the activation's trailing dimensions are at this hook; converted to the model's
    /// dtype</param>
    /// <param name="positions">by default every token but BOS</param>
    /// <param name="scale">multiplies the vector</param>
    public static Edit Add(HookName hook, Tensor vector, Positions? positions = null, double scale = 1) =>
        new AddEdit(hook, positions ?? Positions.AllButBos, vector, scale);

    /// <summary>Replaces the activation. The caller owns <paramref name="value"/> and keeps it alive while the edit is in use.</summary>
    /// <param name="hook">where</param>
    /// <param name="value">[d_model] for the same vector everywhere, [batch, d_model] for one per prompt, or [batch or 1, pos, d_model] of
    /// a whole run, from which the same columns are taken; other hooks accordingly</param>
    /// <param name="positions">by default every token</param>
    public static Edit Replace(HookName hook, Tensor value, Positions? positions = null) =>
        new ReplaceEdit(hook, positions ?? Positions.All, value);

    /// <summary>Multiplies the activation by a factor.</summary>
    public static Edit Scale(HookName hook, double factor, Positions? positions = null) =>
        new ScaleEdit(hook, positions ?? Positions.All, factor);

    /// <summary>Zero ablation: replaces the activation by zeros.</summary>
    public static Edit Ablate(HookName hook, Positions? positions = null) => new ZeroEdit(hook, positions ?? Positions.All);

    /// <summary>Mean ablation: replaces the activation by a mean that the caller computed over other text, [d_model].</summary>
    public static Edit AblateToMean(HookName hook, Tensor mean, Positions? positions = null) => Replace(hook, mean, positions);

    /// <summary>Any function of the activation; see <see cref="Apply"/> for what it gets and gives.</summary>
    public static Edit Custom(HookName hook, Func<Tensor, EditContext, Tensor> function, Positions? positions = null) =>
        new CustomEdit(hook, positions ?? Positions.All, function);

    /// <inheritdoc/>
    public string ToHtml() => $"<div class=\"sae-edit\">{Html.Encode(ToText())}</div>";

    /// <summary>What the edit does, in words: its <c>ToString()</c>, which a derived record may write anew.</summary>
    public string ToText() => ToString();
}
