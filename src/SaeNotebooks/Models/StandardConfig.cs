namespace SaeNotebooks.Models;

/// <summary>Reads the keys by which most families name their dimensions.</summary>
internal static class StandardConfig
{
    /// <summary>What a family's checkpoints may leave out because the reference implementation has a default for it.</summary>
    public sealed record Defaults(int? NHeads = null, int? NKeyValueHeads = null, int? DHead = null, int? VocabSize = null, int? ContextLength = null,
        double? NormEpsilon = null);

    /// <param name="json">the configuration, or its part that describes the language model</param>
    /// <param name="epsilon">the key of the norms' ε</param>
    /// <param name="defaults">what may be left out</param>
    public static ModelConfig Read(ConfigJson json, string epsilon = "rms_norm_eps", Defaults? defaults = null)
    {
        defaults ??= new Defaults();
        var (dModel, nHeads) = (json.Size("hidden_size"), json.Size("num_attention_heads", defaults.NHeads));
        var config = new ModelConfig(
            Family: json.Text("model_type"), NLayers: json.Size("num_hidden_layers"), DModel: dModel, NHeads: nHeads,
            NKeyValueHeads: json.Size("num_key_value_heads", defaults.NKeyValueHeads ?? nHeads),
            DHead: json.Size("head_dim", defaults.DHead ?? Math.Max(1, dModel / nHeads)), DMlp: json.Size("intermediate_size"),
            VocabSize: json.Size("vocab_size", defaults.VocabSize), ContextLength: json.Size("max_position_embeddings", defaults.ContextLength),
            NormEpsilon: json.Number(epsilon, defaults.NormEpsilon), SpecialTokens: SpecialTokens(json));

        if (nHeads % config.NKeyValueHeads != 0) throw json.Error("num_key_value_heads",
            $"{config.NKeyValueHeads} does not divide {nHeads} query heads");
        if (config.DHead % 2 != 0) throw json.Error("head_dim", $"{config.DHead} is odd; rotary positions need pairs");
        if (json.Flag("use_bidirectional_attention", false)) throw json.Error("use_bidirectional_attention", "only causal models are supported");
        if (json.Has("quantization_config")) throw json.Error("quantization_config", "quantised checkpoints are not supported");
        return config;
    }

    public static SpecialTokenIds SpecialTokens(ConfigJson json) => new(First(json, "bos_token_id"), json.TokenIds("eos_token_id"), First(json, "pad_token_id"));

    private static int? First(ConfigJson json, string key) => json.TokenIds(key).Cast<int?>().FirstOrDefault();
}
