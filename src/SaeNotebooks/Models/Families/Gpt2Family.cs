namespace SaeNotebooks.Models.Families;

/// <summary>GPT-2 (Radford et al. 2019): learned positions, layer norms before attention and MLP, plain MLP, biases everywhere, tied
/// embedding; linear maps are stored as [d_in, d_out].</summary>
internal sealed class Gpt2Family : IModelFamily
{
    public IReadOnlyList<string> ModelTypes => ["gpt2"];

    public ModelConfig Read(ConfigJson json)
    {
        var (dModel, nHeads) = (json.Size("n_embd"), json.Size("n_head"));
        if (dModel % nHeads != 0) throw json.Error("n_head", $"{nHeads} heads do not divide a width of {dModel}");
        return new ModelConfig(
            Family: json.Text("model_type"), NLayers: json.Size("n_layer"), DModel: dModel, NHeads: nHeads, NKeyValueHeads: nHeads,
            DHead: dModel / nHeads, DMlp: json.Size("n_inner", 4 * dModel), VocabSize: json.Size("vocab_size"),
            ContextLength: json.Size("n_positions"), NormEpsilon: json.Number("layer_norm_epsilon"), StandardConfig.SpecialTokens(json));
    }

    public Decoder Build(ConfigJson json, ModelConfig config, WeightLoader weights)
    {
        var root = weights.Prefix("wte.weight", "transformer.", ""); // the file that is published has no prefix
        var tied = json.Flag("tie_word_embeddings", true);
        var embedding = new TokenEmbedding(weights.Take($"{root}wte.weight", config.VocabSize, config.DModel))
            { Positions = weights.Take($"{root}wpe.weight", config.ContextLength, config.DModel) };
        var activation = Activations.Of(json, "activation_function");
        LayerNorm Norm(string name, NormHooks hooks) => new(weights.WideNormWeight($"{name}.weight", config.DModel),
            weights.WideNormWeight($"{name}.bias", config.DModel), config.NormEpsilon, hooks);

        var blocks = weights.Blocks($"{root}h.", config.NLayers, layer =>
        {
            var at = $"{root}h.{layer}";
            return new PreNormBlock(layer,
                Norm($"{at}.ln_1", NormHooks.Ln1(layer)),
                new Attention(layer, new AttentionShape(config.NHeads, config.NHeads, config.DHead),
                    weights.TransposedLinear($"{at}.attn.c_attn", config.DModel, 3 * config.DModel),
                    weights.TransposedLinear($"{at}.attn.c_proj", config.DModel, config.DModel)) { Scale = Scale(json, config, layer) },
                Norm($"{at}.ln_2", NormHooks.Ln2(layer)),
                new PlainMlp(layer,
                    weights.TransposedLinear($"{at}.mlp.c_fc", config.DModel, config.DMlp),
                    weights.TransposedLinear($"{at}.mlp.c_proj", config.DMlp, config.DModel), activation));
        });
        var head = weights.Head(() => new Head(Norm($"{root}ln_f", NormHooks.Final),
            tied ? new Linear(embedding.Weight, null) : weights.Linear(false, config.DModel, ("lm_head", config.VocabSize))), $"{root}ln_f", "lm_head");
        weights.Ignore(name => name.EndsWith(".attn.bias", StringComparison.Ordinal) // causal masks that old files carry along
            || name.EndsWith(".attn.masked_bias", StringComparison.Ordinal) || (tied && name == "lm_head.weight"));
        return new Decoder(embedding, blocks, head);
    }

    private static double Scale(ConfigJson json, ModelConfig config, int layer) =>
        (json.Flag("scale_attn_weights", true) ? 1 / Math.Sqrt(config.DHead) : 1)
        / (json.Flag("scale_attn_by_inverse_layer_idx", false) ? layer + 1 : 1);
}
