using SaeNotebooks.Display;
using SaeNotebooks.Hooks;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>What a pass forwards and backwards left behind: activations at hooks, and the gradients of a number with respect to them. Owns its
/// tensors; dispose of it.</summary>
[TypeFormatterSource(typeof(FormatterSource))]
public sealed class GradientRun : IDisposable, IDisplayable
{
    private readonly IReadOnlyDictionary<HookName, (Tensor Activation, Tensor Gradient)> _captured;

    internal GradientRun(TokenBatch batch, IReadOnlyList<double> values, IReadOnlyDictionary<HookName, (Tensor, Tensor)> captured) =>
        (Batch, Values, _captured) = (batch, values, captured);

    /// <summary>The prompts that were run.</summary>
    public TokenBatch Batch { get; }

    /// <summary>The number that was differentiated, of each prompt.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>An activation, after any edits at its hook; shapes are in <see cref="HookPoint"/>. This run owns it.</summary>
    /// <exception cref="KeyNotFoundException">the run was not asked for this hook</exception>
    public Tensor Activation(HookName hook) => Of(hook).Activation;

    /// <summary>∂ number / ∂ activation, of the shape of the activation: row i is the gradient of prompt i's number, which depends on no other
    /// row. 0 where the number does not depend on the activation. This run owns it.</summary>
    /// <exception cref="KeyNotFoundException">the run was not asked for this hook</exception>
    public Tensor Gradient(HookName hook) => Of(hook).Gradient;

    /// <inheritdoc/>
    public string ToHtml() => Card.ToHtml();

    /// <inheritdoc/>
    public string ToText() => Card.ToText();

    /// <inheritdoc/>
    public override string ToString() => ToText();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (activation, gradient) in _captured.Values)
        {
            activation.Dispose();
            gradient.Dispose();
        }
    }

    private Card Card => new($"Gradients of {Batch}", [("number differentiated", Values)])
        { Below = [TensorTable.Of("activation and gradient at", _captured.OrderBy(c => c.Key).Select(c => (c.Key.ToString(), c.Value.Activation)))] };

    private (Tensor Activation, Tensor Gradient) Of(HookName hook) => _captured.TryGetValue(hook, out var pair) ? pair
        : throw new KeyNotFoundException($"This run has no gradient at {hook}; it has those at {string.Join(", ", _captured.Keys.Order())}.");
}
