using System.Text.Json;
using System.Text.Json.Nodes;
using SaeNotebooks.Checkpoints;
using SaeNotebooks.Hooks;
using SaeNotebooks.Saes.Activations;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Formats;

/// <summary>SAELens's folder: <c>cfg.json</c> (version 6, nested metadata) and <c>sae_weights.safetensors</c>.</summary>
public static class SaeLensFormat
{
    private const string ConfigFile = "cfg.json", WeightsFile = "sae_weights.safetensors";

    /// <summary>Reads an SAE from a folder.</summary>
    /// <exception cref="CheckpointException">a missing file, key or tensor, a wrong shape, or something this reader does not know</exception>
    public static Sae Load(string folder)
    {
        var path = Path.Combine(folder, ConfigFile);
        var json = ReadJson(path);
        int dIn = Required<int>(json, "d_in", path), dSae = Required<int>(json, "d_sae", path);
        RefuseUnknownProcessing(json, path);
        using var file = SafetensorsFile.Open(Path.Combine(folder, WeightsFile));
        using var scope = NewDisposeScope();
        var activation = ReadActivation(json, path, file, dSae);
        RefuseUnknownTensors(file, activation);
        return new(
            ReadConfig(json, path),
            activation,
            Read(file, "W_enc", [dIn, dSae]),
            Read(file, "W_dec", [dSae, dIn]),
            Read(file, "b_enc", [dSae]),
            Read(file, "b_dec", [dIn]));
    }

    /// <summary>Writes an SAE so that SAELens opens it; both files appear only when complete.</summary>
    /// <param name="sae">the SAE</param>
    /// <param name="folder">created if it does not exist</param>
    public static void Save(Sae sae, string folder)
    {
        Directory.CreateDirectory(folder);
        var tensors = new Dictionary<string, Tensor>
        {
            ["W_enc"] = sae.Encoder, ["W_dec"] = sae.Decoder, ["b_enc"] = sae.EncoderBias, ["b_dec"] = sae.DecoderBias,
        };
        if (sae.Activation is JumpRelu jump) tensors["threshold"] = jump.Threshold;
        SafetensorsWriter.Write(Path.Combine(folder, WeightsFile), tensors);
        var target = Path.Combine(folder, ConfigFile);
        File.WriteAllText(target + ".partial", Describe(sae).ToJsonString(new() { WriteIndented = true }) + "\n");
        File.Move(target + ".partial", target, overwrite: true);
    }

    private static JsonObject Describe(Sae sae)
    {
        var json = new JsonObject
        {
            ["architecture"] = sae.Activation.Architecture,
            ["d_in"] = sae.InputWidth,
            ["d_sae"] = sae.Width,
            ["dtype"] = "float32",
            ["device"] = "cpu",
            ["apply_b_dec_to_input"] = sae.Config.SubtractDecoderBias,
            ["normalize_activations"] = "none",
            ["reshape_activations"] = "none",
            ["metadata"] = new JsonObject
            {
                ["model_name"] = sae.Config.ModelName,
                ["hook_name"] = sae.Config.Hook.ToString(),
                ["hook_head_index"] = null,
                ["context_size"] = sae.Config.ContextSize,
                ["prepend_bos"] = sae.Config.PrependBos,
                ["sae_lens_version"] = "6.0.0",
                ["sae_lens_training_version"] = null,
            },
        };
        if (sae.Activation is TopK top)
        {
            json["k"] = top.K;
            json["rescale_acts_by_decoder_norm"] = false;
        }
        return json;
    }

    private static JsonObject ReadJson(string path)
    {
        if (!File.Exists(path)) throw new CheckpointException(path, null, "not found; an SAE in SAELens's format has a cfg.json beside sae_weights.safetensors");
        try
        {
            return JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw new CheckpointException(path, null, "expected a JSON object");
        }
        catch (JsonException e)
        {
            throw new CheckpointException(path, null, $"is not valid JSON: {e.Message}", e);
        }
    }

    private static SparseActivation ReadActivation(JsonObject json, string path, SafetensorsFile file, int dSae) =>
        Required<string>(json, "architecture", path) switch
        {
            "standard" => new Relu(),
            "topk" => new TopK(ReadK(json, path, dSae)),
            "jumprelu" => new JumpRelu(Read(file, "threshold", [dSae])),
            var other => throw new CheckpointException(path, "architecture", $"is '{other}'; known are standard, topk and jumprelu"),
        };

    private static int ReadK(JsonObject json, string path, int dSae) =>
        Required<int>(json, "k", path) is var k && k >= 1 && k <= dSae ? k
            : throw new CheckpointException(path, "k", $"is {k}; expected 1 to d_sae, which is {dSae}");

    private static SaeConfig ReadConfig(JsonObject json, string path)
    {
        var metadata = json["metadata"] as JsonObject
            ?? throw new CheckpointException(path, "metadata", "is missing; configurations from before SAELens 6 are not read");
        return new()
        {
            Hook = ParseHook(Required<string>(metadata, "hook_name", path), path),
            ModelName = Required<string>(metadata, "model_name", path),
            SubtractDecoderBias = Optional(json, "apply_b_dec_to_input", true, path),
            PrependBos = Optional(metadata, "prepend_bos", true, path),
            ContextSize = Optional(metadata, "context_size", 0, path),
        };
    }

    private static HookName ParseHook(string text, string path)
    {
        try { return HookName.Parse(text); }
        catch (FormatException e) { throw new CheckpointException(path, "hook_name", e.Message, e); }
    }

    /// <summary>What would change the numbers, and is not computed here, is refused rather than ignored.</summary>
    private static void RefuseUnknownProcessing(JsonObject json, string path)
    {
        foreach (var (key, harmless) in new[] { ("normalize_activations", "none"), ("reshape_activations", "none") })
            if (Optional(json, key, harmless, path) is var found && found != harmless)
                throw new CheckpointException(path, key, $"is '{found}'; only '{harmless}' is read");
        if (Optional(json, "rescale_acts_by_decoder_norm", false, path))
            throw new CheckpointException(path, "rescale_acts_by_decoder_norm", "is true; only false is read");
        if ((json["metadata"] as JsonObject)?["hook_head_index"] is { } head)
            throw new CheckpointException(path, "hook_head_index", $"is {head}; SAEs on a single head are not read");
    }

    private static void RefuseUnknownTensors(SafetensorsFile file, SparseActivation activation)
    {
        string[] known = activation is JumpRelu ? ["W_enc", "W_dec", "b_enc", "b_dec", "threshold"] : ["W_enc", "W_dec", "b_enc", "b_dec"];
        if (file.Tensors.Keys.Except(known).FirstOrDefault() is { } extra)
            throw new CheckpointException(file.Path, extra, $"is not a tensor of a {activation.Architecture} SAE, which has {string.Join(", ", known)}");
    }

    private static Tensor Read(SafetensorsFile file, string name, long[] shape)
    {
        if (!file.Tensors.TryGetValue(name, out var entry))
            throw new CheckpointException(file.Path, name, $"is missing; the file has {string.Join(", ", file.Tensors.Keys.Order())}");
        if (!entry.Shape.SequenceEqual(shape))
            throw new CheckpointException(file.Path, name, $"has shape {entry.ShapeText}; cfg.json implies [{string.Join(", ", shape)}]");
        return file.Read(name, float32);
    }

    private static T Required<T>(JsonObject json, string key, string path) =>
        json[key] is JsonValue value && value.TryGetValue<T>(out var found) ? found
            : throw new CheckpointException(path, key, $"is missing or not of type {typeof(T).Name}");

    private static T Optional<T>(JsonObject json, string key, T otherwise, string path) =>
        json[key] is null ? otherwise : Required<T>(json, key, path);
}
