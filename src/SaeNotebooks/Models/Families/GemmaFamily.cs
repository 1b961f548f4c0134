namespace SaeNotebooks.Models.Families;

/// <summary>Gemma 1 (Gemma Team 2024): a Llama whose embedding is multiplied by √d_model and whose norms store their gain's distance
/// from one; tanh-GELU gate, tied embedding.</summary>
internal sealed class GemmaFamily : IModelFamily
{
    public IReadOnlyList<string> ModelTypes => ["gemma"];

    public ModelConfig Read(ConfigJson json) => StandardConfig.Read(json, defaults: new(DHead: 256));

    public Decoder Build(ConfigJson json, ModelConfig config, WeightLoader weights)
    {
        var parts = new LlamaParts(json, config, weights) { GainFromOne = true };
        var rope = RopeFrequencies.Read(json, config.DHead);
        // Early checkpoints have no hidden_activation, and a hidden_act that says gelu where the tanh form was trained with.
        var activation = Activations.Of(json, "hidden_activation", otherwise: "gelu_pytorch_tanh");
        var bias = json.Flag("attention_bias", false);
        return parts.Decoder(tied: true, embeddingScale: Math.Sqrt(config.DModel), block: layer => parts.PreNormBlock(
            parts.Attention(layer, queryKeyValueBias: bias, outputBias: bias) with { Rope = rope },
            parts.GatedMlp(layer, activation)));
    }
}
