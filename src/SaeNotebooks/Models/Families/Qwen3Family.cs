namespace SaeNotebooks.Models.Families;

/// <summary>Qwen 3 (Yang et al. 2025): a Llama that normalises every query and key head before rotation.</summary>
internal sealed class Qwen3Family : IModelFamily
{
    public IReadOnlyList<string> ModelTypes => ["qwen3"];

    public ModelConfig Read(ConfigJson json) => StandardConfig.Read(json, defaults: new(DHead: 128));

    public Decoder Build(ConfigJson json, ModelConfig config, WeightLoader weights)
    {
        var parts = new LlamaParts(json, config, weights);
        var rope = RopeFrequencies.Read(json, config.DHead);
        var windows = Qwen2Family.Windows(json, config);
        var activation = Activations.Of(json, "hidden_act");
        var bias = json.Flag("attention_bias", false);
        return parts.Decoder(tied: false, layer => parts.PreNormBlock(
            parts.Attention(layer, queryKeyValueBias: bias, outputBias: bias) with
            {
                Rope = rope, Window = windows[layer],
                QueryNorm = parts.HeadNorm(layer, "q_norm", NormHooks.Query(layer)), KeyNorm = parts.HeadNorm(layer, "k_norm", NormHooks.Key(layer)),
            },
            parts.GatedMlp(layer, activation)));
    }
}
