namespace SaeNotebooks.Models.Families;

/// <summary>Gemma 2 (Gemma Team 2024): Gemma with norms on both sides of attention and MLP, soft caps on scores and logits, a scale of
/// the queries of its own, and every other layer, the first included, seeing only the latest tokens.</summary>
internal sealed class Gemma2Family : IModelFamily
{
    public IReadOnlyList<string> ModelTypes => ["gemma2"];

    public ModelConfig Read(ConfigJson json) => StandardConfig.Read(json, defaults: new(DHead: 256));

    public Decoder Build(ConfigJson json, ModelConfig config, WeightLoader weights)
    {
        var parts = new LlamaParts(json, config, weights) { GainFromOne = true };
        var rope = RopeFrequencies.Read(json, config.DHead);
        var windows = SlidingWindows.Read(json, config.NLayers, layer => layer % 2 == 0);
        var scale = 1 / Math.Sqrt(json.Number("query_pre_attn_scalar"));
        var (scoreCap, logitCap) = (json.NumberOrNull("attn_logit_softcapping"), json.NumberOrNull("final_logit_softcapping"));
        var activation = Activations.Of(json, "hidden_activation");
        var bias = json.Flag("attention_bias", false);
        return parts.Decoder(tied: true, embeddingScale: Math.Sqrt(config.DModel), softCap: logitCap, block: layer => parts.SandwichBlock(
            parts.Attention(layer, queryKeyValueBias: bias, outputBias: bias) with
                { Rope = rope, Window = windows[layer], Scale = scale, SoftCap = scoreCap },
            parts.GatedMlp(layer, activation)));
    }
}
