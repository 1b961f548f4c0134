namespace SaeNotebooks.Models.Families;

/// <summary>The text part of Gemma 3 (Gemma Team 2025): Gemma 2 with normalised query and key heads in place of soft caps; five layers
/// of six see only the latest tokens and turn fast, the sixth sees everything and turns slowly.</summary>
internal sealed class Gemma3Family : IModelFamily
{
    /// <summary><c>gemma3</c> wraps the text part together with a vision tower, which is passed over.</summary>
    public IReadOnlyList<string> ModelTypes => ["gemma3_text", "gemma3"];

    /// <summary>Published configurations leave out what equals the reference implementation's defaults.</summary>
    public ModelConfig Read(ConfigJson json) => StandardConfig.Read(Text(json), defaults:
        new(NHeads: 8, NKeyValueHeads: 4, DHead: 256, VocabSize: 262_208, ContextLength: 131_072, NormEpsilon: 1e-6))
        with { SpecialTokens = SpecialTokens(json) };

    public Decoder Build(ConfigJson json, ModelConfig config, WeightLoader weights)
    {
        json = Text(json);
        var prefix = weights.Prefix("embed_tokens.weight", "model.", "language_model.model.", "model.language_model.");
        var parts = new LlamaParts(json, config, weights, prefix) { GainFromOne = true };
        var (fast, slow) = Ropes(json, config.DHead);
        var pattern = json.Size("sliding_window_pattern", json.Size("_sliding_window_pattern", 6));
        var windows = SlidingWindows.Read(json, config.NLayers, layer => (layer + 1) % pattern != 0);
        var scale = 1 / Math.Sqrt(json.Number("query_pre_attn_scalar", 256));
        var activation = Activations.Of(json, "hidden_activation", otherwise: "gelu_pytorch_tanh");
        var bias = json.Flag("attention_bias", false);
        weights.Ignore(name => name.Contains("vision_tower.") || name.Contains("multi_modal_projector."));
        return parts.Decoder(tied: true, embeddingScale: Math.Sqrt(config.DModel), block: layer => parts.SandwichBlock(
            parts.Attention(layer, queryKeyValueBias: bias, outputBias: bias) with
            {
                Rope = windows[layer] is null ? slow : fast, Window = windows[layer], Scale = scale,
                QueryNorm = parts.HeadNorm(layer, "q_norm", NormHooks.Query(layer)), KeyNorm = parts.HeadNorm(layer, "k_norm", NormHooks.Key(layer)),
            },
            parts.GatedMlp(layer, activation)));
    }

    /// <summary>Multimodal checkpoints name them, if at all, beside the text part.</summary>
    private static SpecialTokenIds SpecialTokens(ConfigJson json)
    {
        var (outer, inner) = (StandardConfig.SpecialTokens(json), StandardConfig.SpecialTokens(Text(json)));
        IReadOnlyList<int> eos = outer.Eos is [] ? inner.Eos : outer.Eos;
        return new SpecialTokenIds(outer.Bos ?? inner.Bos ?? 2, eos is [] ? [1] : eos, outer.Pad ?? inner.Pad ?? 0);
    }

    private static ConfigJson Text(ConfigJson json) => json.Object("text_config") ?? json;

    /// <summary>Layers with a window turn with a θ of their own; scaling concerns the others only.</summary>
    private static (Rope Sliding, Rope Full) Ropes(ConfigJson json, int dHead)
    {
        if (json.Object("rope_parameters") is { } parameters)
            return (OfKind(parameters, "sliding_attention", dHead), OfKind(parameters, "full_attention", dHead));
        var theta = json.Number("rope_theta", 1_000_000);
        return (RopeFrequencies.Plain(json.Number("rope_local_base_freq", 10_000), dHead),
            json.Object("rope_scaling") is { } scaling ? RopeFrequencies.Scaled(scaling, theta, dHead) : RopeFrequencies.Plain(theta, dHead));
    }

    private static Rope OfKind(ConfigJson parameters, string kind, int dHead)
    {
        var of = parameters.Object(kind) ?? throw parameters.Error(kind, "missing; expected an object");
        return RopeFrequencies.Scaled(of, of.Number("rope_theta"), dHead);
    }
}
