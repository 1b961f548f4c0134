using SaeNotebooks.Display;
using SaeNotebooks.Hooks;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>A token of a prompt.</summary>
/// <param name="Id">its id in the vocabulary</param>
/// <param name="Text">its text, or <c>‹id›</c> if the model has no tokenizer</param>
public readonly record struct Token(int Id, string Text);

/// <summary>What one forward pass left behind. Owns its tensors; dispose of it.</summary>
[TypeFormatterSource(typeof(FormatterSource))]
public sealed class ModelRun : IDisposable, IDisplayable
{
    private readonly IReadOnlyDictionary<HookName, Tensor> _captured;
    private readonly Tensor? _logits;
    private readonly Func<int, string> _textOf;

    internal ModelRun(TokenBatch batch, IReadOnlyDictionary<HookName, Tensor> captured, Tensor? logits, Func<int, string> textOf) =>
        (Batch, _captured, _logits, _textOf) = (batch, captured, logits, textOf);

    /// <summary>The prompts that were run.</summary>
    public TokenBatch Batch { get; }

    /// <summary>The tokens of the first prompt, without padding.</summary>
    public IReadOnlyList<Token> Tokens => TokensOf(0);

    /// <summary>The hooks that were captured, in the order of evaluation.</summary>
    public IReadOnlyList<HookName> Captured => [.. _captured.Keys.Order()];

    /// <summary>[batch, pos, vocab], float32: the score of each token to come next. Rows of padding mean nothing.</summary>
    /// <exception cref="InvalidOperationException">the run was not asked for logits</exception>
    public Tensor Logits => _logits ??
        throw new InvalidOperationException("This run stopped at its last capture, before the logits; run again with logits: true.");

    /// <summary>Whether <see cref="Logits"/> were computed.</summary>
    public bool HasLogits => _logits is not null;

    /// <summary>A captured activation in the model's dtype, after any edits at its hook; shapes are in <see cref="HookPoint"/>. This run
    /// owns it.</summary>
    /// <exception cref="KeyNotFoundException">the run was not asked to capture this hook</exception>
    public Tensor this[HookName hook] => _captured.TryGetValue(hook, out var activation) ? activation
        : throw new KeyNotFoundException($"This run did not capture {hook}; it has {(_captured.Count == 0 ? "no captures" : string.Join(", ", Captured))}.");

    /// <summary>The tokens of one prompt, without padding.</summary>
    public IReadOnlyList<Token> TokensOf(int row) => [.. Batch.Prompts[row].Select(id => new Token(id, _textOf(id)))];

    /// <inheritdoc/>
    public string ToHtml() => Card.ToHtml();

    /// <inheritdoc/>
    public string ToText() => Card.ToText();

    /// <inheritdoc/>
    public override string ToString() => ToText();

    /// <inheritdoc/>
    public void Dispose()
    {
        _logits?.Dispose();
        foreach (var activation in _captured.Values) activation.Dispose();
    }

    private Card Card
    {
        get
        {
            var tensors = Captured.Select(h => (h.ToString(), this[h])).Concat(HasLogits ? [("logits", Logits)] : Array.Empty<(string, Tensor)>()).ToList();
            return new($"Run of {Batch}", [("first prompt", Tokens), ("memory", TensorTable.Total(tensors.Select(t => t.Item2)))]) { Below = [TensorTable.Of("hook", tensors)] };
        }
    }
}
