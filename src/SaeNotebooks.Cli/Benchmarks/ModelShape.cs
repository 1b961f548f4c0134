using static TorchSharp.torch;

namespace SaeNotebooks.Cli.Benchmarks;

/// <summary>A published model, or a small one of its family, without its numbers: its configuration and the names and shapes of its tensors.</summary>
/// <param name="Name">by which <c>bench --shape</c> knows it</param>
/// <param name="Config">its <c>config.json</c></param>
/// <param name="Dtype">of the published file</param>
/// <param name="Tensors">names and shapes</param>
internal sealed record ModelShape(string Name, string Config, ScalarType Dtype, IReadOnlyList<(string Name, long[] Shape)> Tensors)
{
    /// <summary>Those that are measured.</summary>
    public static IReadOnlyList<ModelShape> All { get; } =
        [Gpt2("gpt2-small", layers: 12, d: 768, heads: 12, vocabulary: 50257), Gemma2("gemma-2-2b", layers: 26, d: 2304, mlp: 9216, heads: 8, dHead: 256, vocabulary: 256000)];

    /// <exception cref="CliException">no shape of that name</exception>
    public static ModelShape Named(string name) => All.FirstOrDefault(s => s.Name == name)
        ?? throw new CliException($"There is no shape '{name}'; there are {string.Join(", ", All.Select(s => s.Name))}.");

    /// <summary>Numbers in all tensors.</summary>
    public long Count => Tensors.Sum(t => Elements(t.Shape));

    /// <summary>Bytes of all tensors.</summary>
    public long Bytes => Count * (Dtype == ScalarType.Float32 ? 4 : 2);

    public static long Elements(long[] shape) => shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>GPT-2's family; as many positions as GPT-2 has, 1,024.</summary>
    public static ModelShape Gpt2(string name, int layers, int d, int heads, int vocabulary)
    {
        IEnumerable<(string, long[])> Linear(string name, long dIn, long dOut) => [($"{name}.weight", [dIn, dOut]), ($"{name}.bias", [dOut])];
        IEnumerable<(string, long[])> Norm(string name) => [($"{name}.weight", [d]), ($"{name}.bias", [d])];
        var blocks = Enumerable.Range(0, layers).SelectMany(l => Norm($"h.{l}.ln_1").Concat(Linear($"h.{l}.attn.c_attn", d, 3 * d)).Concat(Linear($"h.{l}.attn.c_proj", d, d))
            .Concat(Norm($"h.{l}.ln_2")).Concat(Linear($"h.{l}.mlp.c_fc", d, 4 * d)).Concat(Linear($"h.{l}.mlp.c_proj", 4 * d, d)));
        return new(name, $$"""
            {"model_type": "gpt2", "n_layer": {{layers}}, "n_embd": {{d}}, "n_head": {{heads}}, "n_positions": 1024, "vocab_size": {{vocabulary}}, "layer_norm_epsilon": 1e-5, "activation_function": "gelu_new"}
            """, ScalarType.Float32, [("wte.weight", [vocabulary, d]), ("wpe.weight", [1024, d]), .. blocks, .. Norm("ln_f")]);
    }

    /// <summary>Gemma 2's family, with half as many heads for keys and values as for queries.</summary>
    public static ModelShape Gemma2(string name, int layers, int d, int mlp, int heads, int dHead, int vocabulary)
    {
        var blocks = Enumerable.Range(0, layers).Select(l => $"model.layers.{l}.").SelectMany<string, (string, long[])>(at =>
        [
            .. Gated(at, d, mlp, heads, heads / 2, dHead), (at + "input_layernorm.weight", [d]), (at + "post_attention_layernorm.weight", [d]),
            (at + "pre_feedforward_layernorm.weight", [d]), (at + "post_feedforward_layernorm.weight", [d]),
        ]);
        return new(name, $$"""
            {"model_type": "gemma2", "num_hidden_layers": {{layers}}, "hidden_size": {{d}}, "num_attention_heads": {{heads}}, "num_key_value_heads": {{heads / 2}}, "head_dim": {{dHead}}, "intermediate_size": {{mlp}},
             "vocab_size": {{vocabulary}}, "max_position_embeddings": 8192, "rms_norm_eps": 1e-6, "rope_theta": 10000.0, "sliding_window": 4096, "query_pre_attn_scalar": {{dHead}},
             "attn_logit_softcapping": 50.0, "final_logit_softcapping": 30.0, "hidden_activation": "gelu_pytorch_tanh"}
            """, ScalarType.BFloat16, [("model.embed_tokens.weight", [vocabulary, d]), .. blocks, ("model.norm.weight", [d])]);
    }

    /// <summary>Llama 3.1's family, with a quarter as many heads for keys and values as for queries.</summary>
    public static ModelShape Llama31(string name, int layers, int d, int mlp, int heads, int dHead, int vocabulary)
    {
        var blocks = Enumerable.Range(0, layers).Select(l => $"model.layers.{l}.").SelectMany<string, (string, long[])>(at =>
            [.. Gated(at, d, mlp, heads, heads / 4, dHead), (at + "input_layernorm.weight", [d]), (at + "post_attention_layernorm.weight", [d])]);
        return new(name, $$"""
            {"model_type": "llama", "num_hidden_layers": {{layers}}, "hidden_size": {{d}}, "num_attention_heads": {{heads}}, "num_key_value_heads": {{heads / 4}}, "head_dim": {{dHead}}, "intermediate_size": {{mlp}},
             "vocab_size": {{vocabulary}}, "max_position_embeddings": 131072, "rms_norm_eps": 1e-5, "rope_theta": 500000.0, "hidden_act": "silu", "tie_word_embeddings": false,
             "rope_scaling": {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}
            }
            """, ScalarType.BFloat16, [("model.embed_tokens.weight", [vocabulary, d]), .. blocks, ("model.norm.weight", [d]), ("lm_head.weight", [vocabulary, d])]);
    }

    private static IEnumerable<(string, long[])> Gated(string at, int d, int mlp, int heads, int keyHeads, int dHead) =>
    [
        (at + "self_attn.q_proj.weight", [heads * dHead, d]), (at + "self_attn.k_proj.weight", [keyHeads * dHead, d]), (at + "self_attn.v_proj.weight", [keyHeads * dHead, d]),
        (at + "self_attn.o_proj.weight", [d, heads * dHead]), (at + "mlp.gate_proj.weight", [mlp, d]), (at + "mlp.up_proj.weight", [mlp, d]), (at + "mlp.down_proj.weight", [d, mlp]),
    ];
}
