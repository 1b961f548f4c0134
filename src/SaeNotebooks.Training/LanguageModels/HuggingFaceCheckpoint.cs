using System.Text.Json;
using SaeNotebooks.Checkpoints;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.LanguageModels;

/// <summary>Writes trained weights as the checkpoint folder of a HuggingFace Llama; the tokenizer's files belong beside them.</summary>
internal static class HuggingFaceCheckpoint
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes <c>model.safetensors</c> in bfloat16, then <c>config.json</c>; each appears only once it is complete.</summary>
    /// <param name="parameters">the weights; they stay the caller's</param>
    /// <param name="folder">created if it does not exist</param>
    public static void Write(DecoderParameters parameters, string folder)
    {
        Directory.CreateDirectory(folder);
        var weights = parameters.ToHuggingFace(ScalarType.BFloat16);
        try { SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), weights); }
        finally { foreach (var weight in weights.Values) weight.Dispose(); }
        var config = Path.Combine(folder, "config.json");
        File.WriteAllText(config + ".partial", JsonSerializer.Serialize(Config(parameters.Shape), Indented) + "\n");
        File.Move(config + ".partial", config, overwrite: true);
    }

    private static Dictionary<string, object> Config(DecoderShape shape) => new()
    {
        ["architectures"] = new[] { "LlamaForCausalLM" },
        ["model_type"] = "llama",
        ["vocab_size"] = shape.Vocabulary,
        ["hidden_size"] = shape.Width,
        ["intermediate_size"] = shape.MlpWidth,
        ["num_hidden_layers"] = shape.Layers,
        ["num_attention_heads"] = shape.Heads,
        ["num_key_value_heads"] = shape.Heads,
        ["head_dim"] = shape.HeadWidth,
        ["hidden_act"] = "silu",
        ["rms_norm_eps"] = DecoderShape.NormEpsilon,
        ["rope_theta"] = DecoderShape.RopeTheta,
        ["max_position_embeddings"] = shape.Context,
        ["tie_word_embeddings"] = true,
        ["attention_bias"] = false,
        ["mlp_bias"] = false,
        ["bos_token_id"] = 0,
        ["eos_token_id"] = 1,
        ["pad_token_id"] = 2,
        ["torch_dtype"] = "bfloat16",
    };
}
