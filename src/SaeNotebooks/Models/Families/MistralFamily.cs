namespace SaeNotebooks.Models.Families;

/// <summary>Mistral 7B (Jiang et al. 2023): a Llama whose every layer sees only the latest tokens, where the configuration says
/// so.</summary>
internal sealed class MistralFamily : IModelFamily
{
    public IReadOnlyList<string> ModelTypes => ["mistral"];

    public ModelConfig Read(ConfigJson json) => StandardConfig.Read(json);

    public Decoder Build(ConfigJson json, ModelConfig config, WeightLoader weights)
    {
        var parts = new LlamaParts(json, config, weights);
        var rope = RopeFrequencies.Read(json, config.DHead);
        var windows = SlidingWindows.Read(json, config.NLayers, _ => json.Has("sliding_window"));
        var activation = Activations.Of(json, "hidden_act");
        return parts.Decoder(tied: false, layer => parts.PreNormBlock(
            parts.Attention(layer, queryKeyValueBias: false, outputBias: false) with { Rope = rope, Window = windows[layer] },
            parts.GatedMlp(layer, activation)));
    }
}
