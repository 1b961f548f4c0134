using SaeNotebooks.Display;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using static TorchSharp.torch;

namespace SaeNotebooks.Analysis;

/// <summary>The final residual stream as the sum that it is: the embedding, and what every attention and MLP layer added. Owns its
/// tensors.</summary>
[TypeFormatterSource(typeof(FormatterSource))]
public sealed class ResidualDecomposition : IDisposable, IDisplayable
{
    private ResidualDecomposition(ModelRun run, IReadOnlyList<HookName> components, HookName final) =>
        (Run, Components, Final) = (run, components, run[final]);

    /// <summary>The run whose captures these are.</summary>
    public ModelRun Run { get; }

    /// <summary>The summands, in the order of evaluation: <c>hook_embed</c>, <c>hook_pos_embed</c> if there is one, then attention and MLP of
    /// each layer.</summary>
    public IReadOnlyList<HookName> Components { get; }

    /// <summary>[batch, pos, d_model], the residual stream that leaves the last layer taken.</summary>
    public Tensor Final { get; }

    /// <summary>[batch, pos, d_model], what one component added.</summary>
    public Tensor this[HookName component] => Run[component];

    /// <summary>Runs prompts and takes the residual stream apart.</summary>
    /// <param name="model">the model</param>
    /// <param name="tokens">one prompt or a batch</param>
    /// <param name="layers">how many layers to sum; by default all</param>
    /// <param name="edits">changes to make on the way; one at a residual hook is part of no component, so the sum then no longer
    /// holds</param>
    public static ResidualDecomposition Of(HookedTransformer model, TokenBatch tokens, int? layers = null, Edits? edits = null)
    {
        var count = layers ?? model.Config.NLayers;
        if (count < 1 || count > model.Config.NLayers)
            throw new ArgumentOutOfRangeException(nameof(layers), count, $"The model has {model.Config.NLayers} layers.");
        HookName[] embeddings = model.Hooks.Contains(Hook.PosEmbed) ? [Hook.Embed, Hook.PosEmbed] : [Hook.Embed];
        HookName[] components = [.. embeddings, .. Enumerable.Range(0, count).SelectMany(l => new[] { Hook.AttnOut(l), Hook.MlpOut(l) })];
        var final = Hook.ResidPost(count - 1);
        return new ResidualDecomposition(model.Run(tokens, (HookSet)components + final, edits), components, final);
    }

    /// <summary>[component, pos, d_model] of one prompt, in float32; the caller owns it.</summary>
    public Tensor Stack(int row = 0)
    {
        using var scope = NewDisposeScope();
        return stack([.. Components.Select(c => Run[c][row].to(ScalarType.Float32))]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public string ToHtml() => Card.ToHtml();

    /// <inheritdoc/>
    public string ToText() => Card.ToText();

    /// <inheritdoc/>
    public override string ToString() => ToText();

    private Card Card => new($"The residual stream as a sum of {Components.Count} components, of {Run.Batch}", [])
        { Below = [TensorTable.Of("component", Components.Select(c => (c.ToString(), this[c])).Append(("their sum", Final)))] };

    /// <inheritdoc/>
    public void Dispose() => Run.Dispose();
}
