using SaeNotebooks.Hooks;

namespace SaeNotebooks.Saes;

/// <summary>What an SAE reads and where it came from; the numbers are in its tensors.</summary>
public sealed record SaeConfig
{
    /// <summary>The hook whose activation is encoded.</summary>
    public required HookName Hook { get; init; }

    /// <summary>Name of the model that it was trained on.</summary>
    public required string ModelName { get; init; }

    /// <summary>Whether the decoder bias is subtracted before encoding.</summary>
    public bool SubtractDecoderBias { get; init; } = true;

    /// <summary>Whether prompts start with BOS in training.</summary>
    public bool PrependBos { get; init; } = true;

    /// <summary>Longest sequence in training, in tokens; 0 if unknown.</summary>
    public int ContextSize { get; init; }
}
