namespace SaeNotebooks.Models.Families;

/// <summary>Qwen 2 and 2.5 (Yang et al. 2024): a Llama with biases on queries, keys and values; layers from a given one on may see only
/// the latest tokens.</summary>
internal sealed class Qwen2Family : IModelFamily
{
    public IReadOnlyList<string> ModelTypes => ["qwen2"];

    public ModelConfig Read(ConfigJson json) => StandardConfig.Read(json);

    public Decoder Build(ConfigJson json, ModelConfig config, WeightLoader weights)
    {
        var parts = new LlamaParts(json, config, weights);
        var rope = RopeFrequencies.Read(json, config.DHead);
        var windows = Windows(json, config);
        var activation = Activations.Of(json, "hidden_act");
        return parts.Decoder(tied: false, layer => parts.PreNormBlock(
            parts.Attention(layer, queryKeyValueBias: true, outputBias: false) with { Rope = rope, Window = windows[layer] },
            parts.GatedMlp(layer, activation)));
    }

    /// <summary>Configurations name a window even where <c>use_sliding_window</c> switches it off.</summary>
    public static IReadOnlyList<int?> Windows(ConfigJson json, ModelConfig config) => SlidingWindows.Read(json, config.NLayers, layer =>
        json.Flag("use_sliding_window", false) && json.Has("sliding_window") && layer >= json.Number("max_window_layers", 28));
}
