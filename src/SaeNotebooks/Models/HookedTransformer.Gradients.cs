using SaeNotebooks.Analysis;
using SaeNotebooks.Hooks;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

public sealed partial class HookedTransformer
{
    /// <summary>Runs prompts forwards and backwards: the gradients of a metric at hooks.</summary>
    /// <param name="tokens">token ids of one prompt or of a batch</param>
    /// <param name="hooks">where gradients are wanted</param>
    /// <param name="metric">what is differentiated</param>
    /// <param name="edits">changes to make on the way; what an edit reads off a TopK SAE counts as constant. <see cref="Attribution.Freeze"/> has
    /// edits that hold attention or norms constant</param>
    /// <param name="cancellation">looked at before every block</param>
    /// <returns>activations and gradients; the caller disposes of it</returns>
    /// <exception cref="ArgumentException">a prompt is longer than the context, a token or hook does not exist</exception>
    public GradientRun Gradients(TokenBatch tokens, HookSet hooks, Metric metric, Edits? edits = null, CancellationToken cancellation = default)
    {
        RequireHead();
        return Differentiate(tokens, hooks, (null, metric.LogitsOf(tokens)), metric.Of, edits, cancellation);
    }

    /// <summary>Runs prompts forwards up to a hook, and backwards: the gradients, at earlier hooks, of any function of the activation there.</summary>
    /// <param name="tokens">token ids of one prompt or of a batch</param>
    /// <param name="hooks">where gradients are wanted</param>
    /// <param name="of">the hook whose activation is looked at</param>
    /// <param name="function">from the activation at <paramref name="of"/> to one number for each prompt, [batch]; must use operations that can be
    /// differentiated</param>
    /// <param name="edits">changes to make on the way</param>
    /// <param name="cancellation">looked at before every block</param>
    /// <returns>activations and gradients; the caller disposes of it</returns>
    public GradientRun Gradients(TokenBatch tokens, HookSet hooks, HookName of, Func<Tensor, Tensor> function, Edits? edits = null,
        CancellationToken cancellation = default) => Differentiate(tokens, hooks, (of, Decoder.Logits.None), (activation, _) => function(activation), edits, cancellation);

    private GradientRun Differentiate(TokenBatch tokens, HookSet hooks, (HookName? Hook, Decoder.Logits Logits) of, Func<Tensor, TokenBatch, Tensor> function,
        Edits? edits, CancellationToken cancellation)
    {
        if (hooks.Count == 0) throw new ArgumentException("No hook is given at which a gradient is wanted.", nameof(hooks));
        RequireRunnable(tokens, tokens.Width);
        var plan = Plan(tokens, of.Hook is { } last ? hooks + last : hooks, edits ?? Edits.None);
        using var loud = enable_grad();
        using var scope = NewDisposeScope();
        using var pass = new ForwardPass(plan, tokens, (0, tokens.Width), Config, cache: null) { IsDifferentiated = true };
        var ids = tensor(tokens.PaddedIds(), [tokens.Prompts.Count, tokens.Width], device: Device);
        var logits = _decoder.Forward(ids, pass, of.Logits, cancellation);
        var captured = pass.TakeCaptured();
        try
        {
            var values = function(of.Hook is { } at ? captured[at] : logits!, tokens);
            if (!values.shape.AsSpan().SequenceEqual([tokens.Prompts.Count]))
                throw new InvalidOperationException(
                    $"The function that is differentiated returned [{string.Join(", ", values.shape)}], expected [{tokens.Prompts.Count}], one number for each prompt.");
            return new(tokens, [.. values.detach().to(ScalarType.Float64).cpu().data<double>().ToArray()], WithGradients(hooks, captured, values.sum()));
        }
        finally
        {
            foreach (var tensor in captured.Values) tensor.Dispose();
        }
    }

    private static Dictionary<HookName, (Tensor, Tensor)> WithGradients(HookSet hooks, Dictionary<HookName, Tensor> captured, Tensor sum)
    {
        Tensor[] inputs = [.. hooks.Select(hook => captured[hook])];
        IReadOnlyList<Tensor?> gradients = sum.requires_grad ? [.. autograd.grad([sum], inputs, allow_unused: true)] : [.. inputs.Select(_ => (Tensor?)null)];
        return hooks.Zip(inputs.Zip(gradients)).ToDictionary(p => p.First, p => (p.Second.First.detach().DetachFromDisposeScope(),
            (p.Second.Second is { IsInvalid: false } gradient ? gradient : zeros_like(p.Second.First).detach()).DetachFromDisposeScope()));
    }
}
