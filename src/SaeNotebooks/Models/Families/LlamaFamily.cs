namespace SaeNotebooks.Models.Families;

/// <summary>Llama 2 and 3 (Touvron et al. 2023): RMS norms before attention and MLP, rotary positions, grouped queries, SiLU-gated
/// MLP.</summary>
internal sealed class LlamaFamily : IModelFamily
{
    public IReadOnlyList<string> ModelTypes => ["llama"];

    public ModelConfig Read(ConfigJson json) => StandardConfig.Read(json);

    public Decoder Build(ConfigJson json, ModelConfig config, WeightLoader weights)
    {
        var parts = new LlamaParts(json, config, weights);
        var rope = RopeFrequencies.Read(json, config.DHead);
        var activation = Activations.Of(json, "hidden_act");
        var (attentionBias, mlpBias) = (json.Flag("attention_bias", false), json.Flag("mlp_bias", false));
        return parts.Decoder(tied: false, layer => parts.PreNormBlock(
            parts.Attention(layer, queryKeyValueBias: attentionBias, outputBias: attentionBias) with { Rope = rope },
            parts.GatedMlp(layer, activation, mlpBias)));
    }
}
