using SaeNotebooks.Models.Families;

namespace SaeNotebooks.Models;

/// <summary>The families that this library can run.</summary>
internal static class ModelFamilies
{
    private static readonly IModelFamily[] All =
    [
        new Gpt2Family(), new GptNeoXFamily(), new LlamaFamily(), new MistralFamily(), new GemmaFamily(), new Gemma2Family(), new Gemma3Family(),
        new Qwen2Family(), new Qwen3Family(),
    ];

    /// <exception cref="Checkpoints.CheckpointException">the configuration's <c>model_type</c> is missing or not among them</exception>
    public static IModelFamily Of(ConfigJson json)
    {
        var type = json.Text("model_type");
        return All.FirstOrDefault(f => f.ModelTypes.Contains(type))
            ?? throw json.Error("model_type",
                $"'{type}' is not supported; supported are {string.Join(", ", All.SelectMany(f => f.ModelTypes))}");
    }
}
