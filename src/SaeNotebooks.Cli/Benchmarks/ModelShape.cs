using static TorchSharp.torch;

namespace SaeNotebooks.Cli.Benchmarks;

/// <summary>A published model as far as its speed and memory go: its configuration and the names and shapes of its tensors.</summary>
/// <param name="Name">by which <c>bench --shape</c> knows it</param>
/// <param name="Config">its <c>config.json</c></param>
/// <param name="Dtype">of the published file</param>
/// <param name="Tensors">names and shapes</param>
internal sealed record ModelShape(string Name, string Config, ScalarType Dtype, IReadOnlyList<(string Name, long[] Shape)> Tensors)
{
    public static IReadOnlyList<ModelShape> All { get; } = [Gpt2Small(), Gemma2()];

    /// <exception cref="CliException">no shape of that name</exception>
    public static ModelShape Named(string name) => All.FirstOrDefault(s => s.Name == name)
        ?? throw new CliException($"There is no shape '{name}'; there are {string.Join(", ", All.Select(s => s.Name))}.");

    /// <summary>Numbers in all tensors.</summary>
    public long Count => Tensors.Sum(t => Elements(t.Shape));

    /// <summary>Bytes of all tensors.</summary>
    public long Bytes => Count * (Dtype == ScalarType.Float32 ? 4 : 2);

    public static long Elements(long[] shape) => shape.Aggregate(1L, (product, size) => product * size);

    private static ModelShape Gpt2Small()
    {
        const int layers = 12, d = 768;
        IEnumerable<(string, long[])> Linear(string name, long dIn, long dOut) => [($"{name}.weight", [dIn, dOut]), ($"{name}.bias", [dOut])];
        IEnumerable<(string, long[])> Norm(string name) => [($"{name}.weight", [d]), ($"{name}.bias", [d])];
        var blocks = Enumerable.Range(0, layers).SelectMany(l => Norm($"h.{l}.ln_1").Concat(Linear($"h.{l}.attn.c_attn", d, 3 * d)).Concat(Linear($"h.{l}.attn.c_proj", d, d))
            .Concat(Norm($"h.{l}.ln_2")).Concat(Linear($"h.{l}.mlp.c_fc", d, 4 * d)).Concat(Linear($"h.{l}.mlp.c_proj", 4 * d, d)));
        return new("gpt2-small", """
            {"model_type": "gpt2", "n_layer": 12, "n_embd": 768, "n_head": 12, "n_positions": 1024, "vocab_size": 50257, "layer_norm_epsilon": 1e-5, "activation_function": "gelu_new"}
            """, ScalarType.Float32, [("wte.weight", [50257, d]), ("wpe.weight", [1024, d]), .. blocks, .. Norm("ln_f")]);
    }

    private static ModelShape Gemma2()
    {
        const int layers = 26, d = 2304, mlp = 9216, query = 8 * 256, key = 4 * 256;
        var blocks = Enumerable.Range(0, layers).Select(l => $"model.layers.{l}.").SelectMany<string, (string, long[])>(at =>
        [
            (at + "self_attn.q_proj.weight", [query, d]), (at + "self_attn.k_proj.weight", [key, d]), (at + "self_attn.v_proj.weight", [key, d]), (at + "self_attn.o_proj.weight", [d, query]),
            (at + "mlp.gate_proj.weight", [mlp, d]), (at + "mlp.up_proj.weight", [mlp, d]), (at + "mlp.down_proj.weight", [d, mlp]),
            (at + "input_layernorm.weight", [d]), (at + "post_attention_layernorm.weight", [d]), (at + "pre_feedforward_layernorm.weight", [d]), (at + "post_feedforward_layernorm.weight", [d]),
        ]);
        return new("gemma-2-2b", """
            {"model_type": "gemma2", "num_hidden_layers": 26, "hidden_size": 2304, "num_attention_heads": 8, "num_key_value_heads": 4, "head_dim": 256, "intermediate_size": 9216,
             "vocab_size": 256000, "max_position_embeddings": 8192, "rms_norm_eps": 1e-6, "rope_theta": 10000.0, "sliding_window": 4096, "query_pre_attn_scalar": 256,
             "attn_logit_softcapping": 50.0, "final_logit_softcapping": 30.0, "hidden_activation": "gelu_pytorch_tanh"}
            """, ScalarType.BFloat16, [("model.embed_tokens.weight", [256000, d]), .. blocks, ("model.norm.weight", [d])]);
    }
}
