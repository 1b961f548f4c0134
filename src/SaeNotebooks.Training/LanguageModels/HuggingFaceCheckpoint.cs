using System.Text.Json;
using System.Text.Json.Nodes;
using SaeNotebooks.Checkpoints;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.LanguageModels;

/// <summary>Trained weights as the checkpoint folder of a HuggingFace Llama; the tokenizer's files belong beside them.</summary>
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
        AtomicFile.Write(Path.Combine(folder, "config.json"), JsonSerializer.Serialize(Config(parameters.Shape), Indented) + "\n");
    }

    /// <summary>Reads a folder that <see cref="Write"/> has written; the caller owns the weights, in float32.</summary>
    /// <exception cref="CheckpointException">it is missing, damaged, or of another kind than is trained here</exception>
    public static DecoderParameters Read(string folder)
    {
        var parameters = new DecoderParameters(Shape(Path.Combine(folder, "config.json")), seed: 0);
        try
        {
            using var file = SafetensorsFile.Open(Path.Combine(folder, "model.safetensors"));
            parameters.FromHuggingFace(file);
            return parameters;
        }
        catch
        {
            parameters.Dispose();
            throw;
        }
    }

    /// <summary>The sizes in a config whose other keys are all as <see cref="Config"/> writes them.</summary>
    private static DecoderShape Shape(string path)
    {
        JsonNode json;
        try { json = JsonNode.Parse(File.ReadAllText(path)) ?? throw new JsonException("it is empty"); }
        catch (Exception e) when (e is IOException or JsonException) { throw new CheckpointException(path, null, $"cannot be read ({e.Message})", e); }
        int Size(string key) => json[key]?.GetValue<int>() ?? throw new CheckpointException(path, key, "is missing");
        var shape = new DecoderShape(Size("num_hidden_layers"), Size("hidden_size"), Size("num_attention_heads"), Size("intermediate_size"), Size("vocab_size"), Size("max_position_embeddings"));
        foreach (var (key, value) in JsonNode.Parse(JsonSerializer.Serialize(Config(shape)))!.AsObject())
            if (!JsonNode.DeepEquals(json[key], value))
                throw new CheckpointException(path, key, $"is {json[key]?.ToJsonString() ?? "missing"}, expected {value!.ToJsonString()}; only checkpoints that train-model writes can be trained on");
        return shape;
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
