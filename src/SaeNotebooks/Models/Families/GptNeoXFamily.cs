namespace SaeNotebooks.Models.Families;

/// <summary>GPT-NeoX and Pythia (Black et al. 2022, Biderman et al. 2023): attention and MLP side by side, or one after the other where
/// the configuration says so; a part of each head turns; layer norms, plain MLP, biases everywhere.</summary>
internal sealed class GptNeoXFamily : IModelFamily
{
    public IReadOnlyList<string> ModelTypes => ["gpt_neox"];

    public ModelConfig Read(ConfigJson json) => StandardConfig.Read(json, epsilon: "layer_norm_eps");

    public Decoder Build(ConfigJson json, ModelConfig config, WeightLoader weights)
    {
        var (dModel, shape) = (config.DModel, new AttentionShape(config.NHeads, config.NHeads, config.DHead));
        var rope = Rope(json, config);
        var activation = Activations.Of(json, "hidden_act");
        var (bias, tied) = (json.Flag("attention_bias", true), json.Flag("tie_word_embeddings", false));
        LayerNorm Norm(string name, NormHooks hooks) => new(weights.WideNormWeight($"{name}.weight", dModel),
            weights.WideNormWeight($"{name}.bias", dModel), config.NormEpsilon, hooks);

        var embedding = new TokenEmbedding(weights.Take("gpt_neox.embed_in.weight", config.VocabSize, dModel));
        var blocks = weights.Blocks("gpt_neox.layers.", config.NLayers, layer =>
        {
            var at = $"gpt_neox.layers.{layer}";
            var norm1 = Norm($"{at}.input_layernorm", NormHooks.Ln1(layer));
            var attention = new Attention(layer, shape, weights.InterleavedHeads($"{at}.attention.query_key_value", bias, shape, dModel),
                weights.Linear(bias, dModel, ($"{at}.attention.dense", dModel))) { Rope = rope };
            var norm2 = Norm($"{at}.post_attention_layernorm", NormHooks.Ln2(layer));
            var mlp = new PlainMlp(layer, weights.Linear(true, dModel, ($"{at}.mlp.dense_h_to_4h", config.DMlp)),
                weights.Linear(true, config.DMlp, ($"{at}.mlp.dense_4h_to_h", dModel)), activation);
            return json.Flag("use_parallel_residual", true)
                ? new ParallelBlock(layer, norm1, attention, norm2, mlp)
                : (Block)new PreNormBlock(layer, norm1, attention, norm2, mlp);
        });
        var head = weights.Head(() => new Head(Norm("gpt_neox.final_layer_norm", NormHooks.Final),
            tied ? new Linear(embedding.Weight, null) : weights.Linear(false, dModel, ("embed_out", config.VocabSize))),
            "gpt_neox.final_layer_norm", "embed_out");
        weights.Ignore(name => name.EndsWith(".attention.bias", StringComparison.Ordinal) // masks and tables that old files carry along
            || name.EndsWith(".attention.masked_bias", StringComparison.Ordinal)
            || name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal) || (tied && name == "embed_out.weight"));
        return new Decoder(embedding, blocks, head);
    }

    private static Rope Rope(ConfigJson json, ModelConfig config)
    {
        var (holder, key) = json.Object("rope_parameters") is { } parameters ? (parameters, "partial_rotary_factor") : (json, "rotary_pct");
        var width = (int)(config.DHead * holder.Number(key));
        if (width < 2 || width % 2 != 0 || width > config.DHead) throw holder.Error(key, $"{width} of {config.DHead} numbers of a head would turn; rotary positions need pairs");
        return RopeFrequencies.Read(json, width, theta: "rotary_emb_base");
    }
}
