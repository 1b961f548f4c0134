using TorchSharp;

namespace SaeNotebooks.Models;

/// <summary>Llama 2 and 3: RMS norms before attention and MLP, rotary positions, grouped queries, SiLU-gated MLP (Touvron et al.
/// 2023).</summary>
internal sealed class LlamaFamily : IModelFamily
{
    public string ModelType => "llama";

    public ModelConfig Read(ConfigJson json)
    {
        var (dModel, nHeads) = (json.Size("hidden_size"), json.Size("num_attention_heads"));
        var config = new ModelConfig(
            Family: ModelType, NLayers: json.Size("num_hidden_layers"), DModel: dModel, NHeads: nHeads,
            NKeyValueHeads: json.Size("num_key_value_heads", nHeads), DHead: json.Size("head_dim", Math.Max(1, dModel / nHeads)),
            DMlp: json.Size("intermediate_size"), VocabSize: json.Size("vocab_size"), ContextLength: json.Size("max_position_embeddings"),
            NormEpsilon: json.Number("rms_norm_eps", 1e-6),
            new SpecialTokenIds(json.TokenIds("bos_token_id").Cast<int?>().FirstOrDefault(), json.TokenIds("eos_token_id"),
                json.TokenIds("pad_token_id").Cast<int?>().FirstOrDefault()));

        if (nHeads % config.NKeyValueHeads != 0) throw json.Error("num_key_value_heads",
            $"{config.NKeyValueHeads} does not divide {nHeads} query heads");
        if (config.DHead % 2 != 0) throw json.Error("head_dim", $"{config.DHead} is odd; rotary positions need pairs");
        if (json.Text("hidden_act", "silu") is var act and not "silu") throw json.Error("hidden_act",
            $"'{act}' is not supported in a Llama; expected silu");
        if (json.Has("quantization_config")) throw json.Error("quantization_config", "quantised checkpoints are not supported");
        return config;
    }

    public Decoder Build(ConfigJson json, ModelConfig config, WeightLoader weights)
    {
        var rope = RopeFrequencies.Read(json, config.DHead);
        var embedding = weights.Take("model.embed_tokens.weight", config.VocabSize, config.DModel);
        var blocks = Enumerable.Range(0, config.NLayers).Select(layer => Block(layer, json, config, rope, weights)).ToList();
        var norm = new RmsNorm(weights.Take("model.norm.weight", config.DModel), config.NormEpsilon, Hooks.Hook.LnFinalScale, Hooks.Hook.LnFinalNormalized);
        var tied = json.Flag("tie_word_embeddings", false);
        var unembedding = tied ? new Linear(embedding, null) : weights.Linear(false, config.DModel, ("lm_head", config.VocabSize));
        weights.Ignore(name => name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal) || (tied && name == "lm_head.weight"));
        return new Decoder(embedding, blocks, norm, unembedding);
    }

    private static IBlock Block(int layer, ConfigJson json, ModelConfig config, Rope rope, WeightLoader weights)
    {
        var at = $"model.layers.{layer}";
        var (dModel, dMlp) = (config.DModel, config.DMlp);
        var (dQuery, dKey) = (config.NHeads * config.DHead, config.NKeyValueHeads * config.DHead);
        var (attentionBias, mlpBias) = (json.Flag("attention_bias", false), json.Flag("mlp_bias", false));

        return new PreNormBlock(layer,
            new RmsNorm(weights.Take($"{at}.input_layernorm.weight", dModel), config.NormEpsilon, Hooks.Hook.Ln1Scale(layer), Hooks.Hook.Ln1Normalized(layer)),
            new Attention(layer, new AttentionShape(config.NHeads, config.NKeyValueHeads, config.DHead),
                weights.Linear(attentionBias, dModel, ($"{at}.self_attn.q_proj", dQuery), ($"{at}.self_attn.k_proj", dKey), ($"{at}.self_attn.v_proj", dKey)),
                weights.Linear(attentionBias, dQuery, ($"{at}.self_attn.o_proj", dModel)), rope),
            new RmsNorm(weights.Take($"{at}.post_attention_layernorm.weight", dModel), config.NormEpsilon, Hooks.Hook.Ln2Scale(layer), Hooks.Hook.Ln2Normalized(layer)),
            new GatedMlp(layer,
                weights.Linear(mlpBias, dModel, ($"{at}.mlp.gate_proj", dMlp), ($"{at}.mlp.up_proj", dMlp)),
                weights.Linear(mlpBias, dMlp, ($"{at}.mlp.down_proj", dModel)), gate => torch.nn.functional.silu(gate)));
    }
}
