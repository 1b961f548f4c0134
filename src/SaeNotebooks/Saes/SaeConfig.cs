using SaeNotebooks.Hooks;
using SaeNotebooks.Saes.Normalisations;

namespace SaeNotebooks.Saes;

/// <summary>What an SAE reads and where it came from; the numbers are in its tensors.</summary>
public sealed record SaeConfig
{
    /// <summary>The <see cref="ModelName"/> where nobody says which model it is.</summary>
    public const string UnknownModel = "unknown";

    /// <summary>The hook whose activation is encoded.</summary>
    public required HookName Hook { get; init; }

    /// <summary>Name of the model that it was trained on, or <see cref="UnknownModel"/>.</summary>
    public required string ModelName { get; init; }

    /// <summary>Whether it is a transcoder: trained to predict another activation than the one that it reads.</summary>
    public bool IsTranscoder { get; init; }

    /// <summary>The hook that a transcoder predicts; null for an autoencoder, or where a file does not say.</summary>
    public HookName? OutputHook { get; init; }

    /// <summary>Whether the decoder bias is subtracted before encoding.</summary>
    public bool SubtractDecoderBias { get; init; } = true;

    /// <summary>What is done to each token's activation before encoding, and undone after decoding; null for nothing.</summary>
    public Normalisation? Normalisation { get; init; }

    /// <summary>Whether prompts start with BOS in training.</summary>
    public bool PrependBos { get; init; } = true;

    /// <summary>Longest sequence in training, in tokens; 0 if unknown.</summary>
    public int ContextSize { get; init; }

    /// <summary>Its name at Neuronpedia, such as <c>gpt2-small/8-res-jb</c>; null if it has none, or none is known.</summary>
    public string? NeuronpediaId { get; init; }
}
