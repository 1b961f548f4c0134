using SaeNotebooks.Hooks;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Saes.Activations;

/// <summary>Activations to learn from, in numbered blocks, any of which can be had again: what is in memory is bounded by a block, and a killed
/// run resumes anywhere.</summary>
public interface IActivationSource
{
    /// <summary>Where the activations are taken.</summary>
    IReadOnlyList<HookName> Hooks { get; }

    /// <summary>What decides the numbers, in words: of two sources that say the same, every block is the same.</summary>
    string Identity { get; }

    /// <summary>The block of a number from 0, without end; the caller disposes it.</summary>
    ActivationBlock Block(long number);
}

/// <summary>Activations of the same tokens at several hooks. Owns its tensors.</summary>
/// <param name="hooks">where they were taken</param>
/// <param name="activations">by hook, [tokens, d] float32; ownership passes to the block</param>
public sealed class ActivationBlock(IReadOnlyList<HookName> hooks, IReadOnlyList<Tensor> activations) : IDisposable
{
    private readonly IReadOnlyList<Tensor> _activations = [.. activations.Select(a => a.DetachFromDisposeScope())];

    /// <summary>Number of tokens.</summary>
    public long Tokens => _activations[0].shape[0];

    /// <summary>[tokens, d] float32; the block owns it.</summary>
    public Tensor this[HookName hook] => _activations[hooks.Index().First(h => h.Item == hook).Index];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var activation in _activations) activation.Dispose();
    }
}
