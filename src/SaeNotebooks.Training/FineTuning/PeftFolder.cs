using System.Text.Json;
using SaeNotebooks.Checkpoints;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.FineTuning;

/// <summary>Adapters in the layout of HuggingFace's PEFT: <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>.</summary>
internal static class PeftFolder
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes the folder; each file appears only once it is complete.</summary>
    /// <param name="folder">created if it does not exist</param>
    /// <param name="baseModel">the folder or repository of the model that the adapters belong to</param>
    /// <param name="settings">rank and scale</param>
    /// <param name="modules">for each adapted module its layer, its name within the layer (<c>self_attn.q_proj</c>), A [rank, inputs] and B [outputs, rank]</param>
    public static void Write(string folder, string baseModel, LoraSettings settings, IReadOnlyList<(int Layer, string Module, Tensor A, Tensor B)> modules)
    {
        Directory.CreateDirectory(folder);
        var tensors = modules.SelectMany(m => new[] { (Name: Key(m.Layer, m.Module, 'A'), Tensor: m.A), (Name: Key(m.Layer, m.Module, 'B'), Tensor: m.B) })
            .ToDictionary(t => t.Name, t => t.Tensor);
        SafetensorsWriter.Write(Path.Combine(folder, "adapter_model.safetensors"), tensors);
        AtomicFile.Write(Path.Combine(folder, "adapter_config.json"), JsonSerializer.Serialize(Config(baseModel, settings, modules.Select(m => m.Module)), Indented) + "\n");
    }

    private static string Key(int layer, string module, char factor) => $"base_model.model.model.layers.{layer}.{module}.lora_{factor}.weight";

    private static Dictionary<string, object?> Config(string baseModel, LoraSettings settings, IEnumerable<string> modules) => new()
    {
        ["peft_type"] = "LORA",
        ["task_type"] = "CAUSAL_LM",
        ["base_model_name_or_path"] = baseModel,
        ["r"] = settings.Rank,
        ["lora_alpha"] = settings.Alpha,
        ["lora_dropout"] = 0.0,
        ["target_modules"] = modules.Select(m => m.Split('.')[^1]).Distinct().Order(StringComparer.Ordinal).ToArray(),
        ["bias"] = "none",
        ["fan_in_fan_out"] = false,
        ["init_lora_weights"] = true,
        ["inference_mode"] = true,
        ["modules_to_save"] = null,
        ["use_rslora"] = false,
        ["use_dora"] = false,
    };
}
