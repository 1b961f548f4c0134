using System.Text.Json;
using System.Text.Json.Serialization;

namespace SaeNotebooks.Features.Neuronpedia;

/// <summary>
/// A latent as Neuronpedia keeps it and its API gives it (<c>/api/feature/MODEL/SOURCE/INDEX</c>). Fields that are not known here are kept as they are, so
/// that reading and writing loses nothing.
/// </summary>
public sealed record NeuronpediaRecord
{
    /// <summary>Neuronpedia's name of the model, such as <c>gpt2-small</c>.</summary>
    public required string ModelId { get; init; }

    /// <summary>Its name of the SAE, such as <c>8-res-jb</c>.</summary>
    public required string Layer { get; init; }

    /// <summary>The latent, from 0; a text in the file.</summary>
    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString | JsonNumberHandling.WriteAsString)]
    public required int Index { get; init; }

    /// <summary>The name of the SAEs that belong together, such as <c>res-jb</c>.</summary>
    public string? SourceSetName { get; init; }

    /// <summary>The hook, in TransformerLens's vocabulary.</summary>
    public string? HookName { get; init; }

    /// <summary>Strongest activation seen.</summary>
    public double? MaxActApprox { get; init; }

    /// <summary>Whether <see cref="Vector"/> is given.</summary>
    public bool HasVector { get; init; }

    /// <summary>The direction, [d_in]; empty if it is not given.</summary>
    public IReadOnlyList<double> Vector { get; init; } = [];

    /// <summary>What the direction is, where it is no latent.</summary>
    public string? VectorLabel { get; init; }

    /// <summary>How strongly Neuronpedia steers with it at first.</summary>
    public double? VectorDefaultSteerStrength { get; init; }

    /// <summary>Latents with the most similar directions.</summary>
    public IReadOnlyList<int> TopkCosSimIndices { get; init; } = [];

    /// <summary>Their cosines.</summary>
    public IReadOnlyList<double> TopkCosSimValues { get; init; } = [];

    /// <summary>Dimensions of the hook that the direction writes to most.</summary>
    [JsonPropertyName("neuron_alignment_indices")]
    public IReadOnlyList<int> NeuronAlignmentIndices { get; init; } = [];

    /// <summary>Its components there.</summary>
    [JsonPropertyName("neuron_alignment_values")]
    public IReadOnlyList<double> NeuronAlignmentValues { get; init; } = [];

    /// <summary>Their shares of its L1 norm.</summary>
    [JsonPropertyName("neuron_alignment_l1")]
    public IReadOnlyList<double> NeuronAlignmentL1 { get; init; } = [];

    /// <summary>Dimensions of the hook that correlate with the latent.</summary>
    [JsonPropertyName("correlated_neurons_indices")]
    public IReadOnlyList<int> CorrelatedNeuronsIndices { get; init; } = [];

    /// <summary>Pearson's correlations with them.</summary>
    [JsonPropertyName("correlated_neurons_pearson")]
    public IReadOnlyList<double> CorrelatedNeuronsPearson { get; init; } = [];

    /// <summary>A second measure of the same.</summary>
    [JsonPropertyName("correlated_neurons_l1")]
    public IReadOnlyList<double> CorrelatedNeuronsL1 { get; init; } = [];

    /// <summary>Latents that correlate with it.</summary>
    [JsonPropertyName("correlated_features_indices")]
    public IReadOnlyList<int> CorrelatedFeaturesIndices { get; init; } = [];

    /// <summary>Pearson's correlations with them.</summary>
    [JsonPropertyName("correlated_features_pearson")]
    public IReadOnlyList<double> CorrelatedFeaturesPearson { get; init; } = [];

    /// <summary>A second measure of the same.</summary>
    [JsonPropertyName("correlated_features_l1")]
    public IReadOnlyList<double> CorrelatedFeaturesL1 { get; init; } = [];

    /// <summary>Output tokens suppressed most.</summary>
    [JsonPropertyName("neg_str")]
    public IReadOnlyList<string> NegStr { get; init; } = [];

    /// <summary>Their logit weights.</summary>
    [JsonPropertyName("neg_values")]
    public IReadOnlyList<double> NegValues { get; init; } = [];

    /// <summary>Output tokens promoted most.</summary>
    [JsonPropertyName("pos_str")]
    public IReadOnlyList<string> PosStr { get; init; } = [];

    /// <summary>Their logit weights.</summary>
    [JsonPropertyName("pos_values")]
    public IReadOnlyList<double> PosValues { get; init; } = [];

    /// <summary>Share of tokens on which it fires.</summary>
    [JsonPropertyName("frac_nonzero")]
    public double FracNonzero { get; init; }

    /// <summary>Firings by bin.</summary>
    [JsonPropertyName("freq_hist_data_bar_heights")]
    public IReadOnlyList<double> FreqHistDataBarHeights { get; init; } = [];

    /// <summary>The middles of these bins.</summary>
    [JsonPropertyName("freq_hist_data_bar_values")]
    public IReadOnlyList<double> FreqHistDataBarValues { get; init; } = [];

    /// <summary>Output tokens by bin of their logit weight.</summary>
    [JsonPropertyName("logits_hist_data_bar_heights")]
    public IReadOnlyList<double> LogitsHistDataBarHeights { get; init; } = [];

    /// <summary>The middles of these bins.</summary>
    [JsonPropertyName("logits_hist_data_bar_values")]
    public IReadOnlyList<double> LogitsHistDataBarValues { get; init; } = [];

    /// <summary>How the decoder row is shared among attention heads, for SAEs that read them.</summary>
    [JsonPropertyName("decoder_weights_dist")]
    public IReadOnlyList<double> DecoderWeightsDist { get; init; } = [];

    /// <summary>Examples.</summary>
    public IReadOnlyList<NeuronpediaActivation> Activations { get; init; } = [];

    /// <summary>What people and language models say of it.</summary>
    public IReadOnlyList<NeuronpediaExplanation> Explanations { get; init; } = [];

    /// <summary>Fields that are not known here.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Others { get; init; }
}

/// <summary>An example in a <see cref="NeuronpediaRecord"/>.</summary>
public sealed record NeuronpediaActivation
{
    /// <summary>The context.</summary>
    public required IReadOnlyList<string> Tokens { get; init; }

    /// <summary>The activation at each token.</summary>
    public required IReadOnlyList<double> Values { get; init; }

    /// <summary>The strongest of them.</summary>
    public double? MaxValue { get; init; }

    /// <summary>Where that is.</summary>
    public int? MaxValueTokenIndex { get; init; }

    /// <summary>Lower border of the part of the range that the example was drawn from; −1 for one of the strongest.</summary>
    public double? BinMin { get; init; }

    /// <summary>Upper border of it.</summary>
    public double? BinMax { get; init; }

    /// <summary>Share of the firings in it.</summary>
    public double? BinContains { get; init; }

    /// <summary>Direct feature attribution of each token, for SAEs that read attention.</summary>
    public IReadOnlyList<double>? DfaValues { get; init; }

    /// <summary>The token that the example was drawn for.</summary>
    public int? QualifyingTokenIndex { get; init; }

    /// <summary>Fields that are not known here.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Others { get; init; }
}

/// <summary>An explanation in a <see cref="NeuronpediaRecord"/>, or a line of Neuronpedia's file of explanations.</summary>
public sealed record NeuronpediaExplanation
{
    /// <summary>The words.</summary>
    public required string Description { get; init; }

    /// <summary>How it was made.</summary>
    public string? TypeName { get; init; }

    /// <summary>The language model that made it; null of a person's.</summary>
    public string? ExplanationModelName { get; init; }

    /// <summary>Fields that are not known here: scores, authors, votes.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Others { get; init; }
}
