using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>The parts of models whose tensors are named as Llama's, a naming that most later families kept. A family's description
/// joins them.</summary>
/// <param name="json">the configuration, or its part that describes the language model</param>
/// <param name="config">the dimensions</param>
/// <param name="weights">the checkpoint</param>
/// <param name="prefix">what the names of all tensors but the unembedding's begin with</param>
internal sealed class LlamaParts(ConfigJson json, ModelConfig config, WeightLoader weights, string prefix = "model.")
{
    /// <summary>Whether norms store their gain's distance from one and multiply by it in float32, as Gemma's do.</summary>
    public bool GainFromOne { get; init; }

    /// <summary>The whole model.</summary>
    /// <param name="tied">whether the unembedding is the embedding where the configuration does not say</param>
    /// <param name="block">makes a layer</param>
    /// <param name="embeddingScale">multiplies the embedding</param>
    /// <param name="softCap">bounds the logits, or null</param>
    /// <param name="unembedding">the module's name</param>
    public Decoder Decoder(bool tied, Func<int, Block> block, double embeddingScale = 1, double? softCap = null, string unembedding = "lm_head")
    {
        tied = json.Flag("tie_word_embeddings", tied);
        var embedding = new TokenEmbedding(weights.Take($"{prefix}embed_tokens.weight", config.VocabSize, config.DModel)) { Scale = embeddingScale };
        var blocks = weights.Blocks($"{prefix}layers.", config.NLayers, block);
        var head = weights.Head(() => new Head(new RmsNorm(Gain($"{prefix}norm", config.DModel), config.NormEpsilon, NormHooks.Final),
            tied ? new Linear(embedding.Weight, null) : weights.Linear(false, config.DModel, (unembedding, config.VocabSize)), softCap),
            $"{prefix}norm", unembedding);
        weights.Ignore(name => name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal) || (tied && name == $"{unembedding}.weight"));
        return new Decoder(embedding, blocks, head);
    }

    /// <summary>A norm of the residual stream.</summary>
    public RmsNorm Norm(int layer, string name, NormHooks hooks) => new(Gain($"{At(layer)}{name}", config.DModel), config.NormEpsilon, hooks);

    /// <summary>A norm of each head.</summary>
    public RmsNorm HeadNorm(int layer, string name, NormHooks hooks) => new(Gain($"{At(layer)}self_attn.{name}", config.DHead), config.NormEpsilon, hooks);

    public Attention Attention(int layer, bool queryKeyValueBias, bool outputBias)
    {
        var at = At(layer) + "self_attn.";
        var (dQuery, dKey) = (config.NHeads * config.DHead, config.NKeyValueHeads * config.DHead);
        return new Attention(layer, new AttentionShape(config.NHeads, config.NKeyValueHeads, config.DHead),
            weights.StackedLinear(queryKeyValueBias, config.DModel, ($"{at}q_proj", dQuery), ($"{at}k_proj", dKey), ($"{at}v_proj", dKey)),
            weights.Linear(outputBias, dQuery, ($"{at}o_proj", config.DModel)));
    }

    /// <param name="layer">the block</param>
    /// <param name="activation">the non-linearity of the gate</param>
    /// <param name="bias">whether the linear maps have biases</param>
    public GatedMlp GatedMlp(int layer, Func<Tensor, Tensor> activation, bool bias = false)
    {
        var at = At(layer) + "mlp.";
        return new GatedMlp(layer,
            weights.Linear(bias, config.DModel, ($"{at}gate_proj", config.DMlp), ($"{at}up_proj", config.DMlp)),
            weights.Linear(bias, config.DMlp, ($"{at}down_proj", config.DModel)), activation);
    }

    /// <summary>A block as in Llama, of parts that are made already.</summary>
    public PreNormBlock PreNormBlock(Attention attention, GatedMlp mlp) => new(attention.Layer,
        Norm(attention.Layer, "input_layernorm", NormHooks.Ln1(attention.Layer)), attention,
        Norm(attention.Layer, "post_attention_layernorm", NormHooks.Ln2(attention.Layer)), mlp);

    /// <summary>A block as in Gemma 2, of parts that are made already.</summary>
    public SandwichBlock SandwichBlock(Attention attention, GatedMlp mlp)
    {
        var layer = attention.Layer;
        return new SandwichBlock(layer,
            Norm(layer, "input_layernorm", NormHooks.Ln1(layer)), attention, Norm(layer, "post_attention_layernorm", NormHooks.Ln1Post(layer)),
            Norm(layer, "pre_feedforward_layernorm", NormHooks.Ln2(layer)), mlp, Norm(layer, "post_feedforward_layernorm", NormHooks.Ln2Post(layer)));
    }

    private string At(int layer) => $"{prefix}layers.{layer}.";

    private Tensor Gain(string module, long size) =>
        GainFromOne ? weights.WideNormWeight($"{module}.weight", size, plus: 1) : weights.Take($"{module}.weight", size);
}
